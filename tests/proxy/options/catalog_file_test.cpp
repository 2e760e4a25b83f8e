#include "proxy/options/catalog_file.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway::settings;

namespace {

// What the only problem of a text says.
std::string complaint_of(std::string_view json) {
    const catalog_content content = read_catalog(json);
    BOOST_REQUIRE_EQUAL(content.problems.size(), 1U);
    return content.problems.front().what;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalog_file)

BOOST_AUTO_TEST_CASE(a_model_has_the_fields_and_units_of_openrouter) {
    const catalog_content content = read_catalog(R"({"models":[{
        "id":"openai/gpt-4o","name":"GPT-4o","context_length":128000,"created":1715367049,"description":"x",
        "architecture":{"modality":"text+image->text","input_modalities":["text","image"],"output_modalities":["text"]},
        "supported_parameters":["tools"],"top_provider":{"max_completion_tokens":16384},
        "endpoints":[
          {"provider":"openai","model":"gpt-4o-2024-11-20","pricing":{"prompt":"0.0000025","completion":"0.00001",
           "input_cache_read":"0.00000125","input_cache_write":"0","internal_reasoning":"1.5e-7","request":"0.005","image":"0.003613"}},
          {"provider":"azure/eu","model":"gpt-4o","context_length":64000,"max_completion_tokens":4096,
           "supported_parameters":["tools","seed"],"pricing":{"prompt":"0.000003"},"quantization":"fp8"}]}]})"
    );
    BOOST_TEST(content.problems.empty());
    BOOST_TEST(content.doubts.empty());
    BOOST_REQUIRE_EQUAL(content.models.size(), 2U);
    const model& first = content.models[0];
    BOOST_TEST(first.id == "openai/gpt-4o");
    BOOST_TEST(first.name == "GPT-4o");
    BOOST_TEST(first.provider == "openai");
    BOOST_TEST(first.upstream_id == "gpt-4o-2024-11-20");
    BOOST_TEST(first.prices.input->count == 2'500'000'000);
    BOOST_TEST(first.prices.output->count == 10'000'000'000);
    BOOST_TEST(first.prices.cache_read->count == 1'250'000'000);
    BOOST_TEST(first.prices.cache_write->count == 0);
    BOOST_TEST(first.prices.reasoning->count == 150'000'000);
    BOOST_TEST(first.prices.request->count == 5'000'000);
    BOOST_TEST(first.prices.image->count == 3'613'000);
    BOOST_TEST(*first.context == 128000U);
    BOOST_TEST(*first.max_output == 16384U);
    BOOST_TEST((first.input_modalities == std::vector<std::string>{"text", "image"}));
    BOOST_TEST((first.params == std::vector<std::string>{"tools"}));
    const model& second = content.models[1];
    BOOST_TEST(second.provider == "azure/eu");
    BOOST_TEST(*second.context == 64000U);
    BOOST_TEST(*second.max_output == 4096U);
    BOOST_TEST((second.params == std::vector<std::string>{"tools", "seed"}));
    BOOST_TEST(second.prices.input->count == 3'000'000'000);
    BOOST_TEST(!second.prices.output);
}

BOOST_AUTO_TEST_CASE(an_endpoint_takes_the_models_prices_and_overrides_single_ones) {
    const catalog_content content = read_catalog(
        R"({"models":[{"id":"a","pricing":{"prompt":"0.000001","completion":"0.000002"},"endpoints":[{"provider":"p","model":"m","pricing":{"completion":"0.000003"}}]}]})"
    );
    BOOST_TEST(content.models.at(0).prices.input->count == 1'000'000'000);
    BOOST_TEST(content.models.at(0).prices.output->count == 3'000'000'000);
}

BOOST_AUTO_TEST_CASE(a_number_that_has_lost_its_digits_is_no_price) {
    BOOST_TEST(
        complaint_of(
            R"({"models":[{"id":"a","endpoints":[{"provider":"p","model":"m","pricing":{"prompt":0.00000015}}]}]})"
        ) == "models[0].endpoints[0].pricing.prompt: is not a string"
    );
    BOOST_TEST(
        complaint_of(
            R"({"models":[{"id":"a","endpoints":[{"provider":"p","model":"m","pricing":{"prompt":"-1"}}]}]})"
        )
            .contains("pricing.prompt: '-1' is not a decimal number")
    );
    const catalog_content zero = read_catalog(
        R"({"models":[{"id":"a","endpoints":[{"provider":"p","model":"m","pricing":{"prompt":0,"completion":null}}]}]})"
    );
    BOOST_TEST(zero.models.at(0).prices.input->count == 0);
    BOOST_TEST(!zero.models.at(0).prices.output);
}

BOOST_AUTO_TEST_CASE(a_price_that_is_not_charged_is_said) {
    const catalog_content content = read_catalog(
        R"({"models":[{"id":"a","endpoints":[{"provider":"p","model":"m","pricing":{"web_search":"0.01","audio":"0"}}]}]})"
    );
    BOOST_REQUIRE_EQUAL(content.doubts.size(), 1U);
    BOOST_TEST(
        content.doubts[0].what ==
        "models[0].endpoints[0].pricing.web_search: this price is not charged"
    );
}

BOOST_AUTO_TEST_CASE(faults_name_their_place) {
    BOOST_TEST(complaint_of("") == "line 1 is not valid JSON");
    BOOST_TEST(complaint_of("{\n\n\"models\": oops}") == "line 3 is not valid JSON");
    BOOST_TEST(complaint_of(R"({"models":[]} x)") == "line 1 is not valid JSON");
    BOOST_TEST(complaint_of("[]") == "is not a catalogue");
    BOOST_TEST(complaint_of("{}") == "is not a catalogue");
    BOOST_TEST(complaint_of(R"({"models":{}})") == "models: is not an array");
    BOOST_TEST(complaint_of(R"({"models":[1]})") == "models[0]: is not an object");
    BOOST_TEST(complaint_of(R"({"models":[{}]})") == "models[0].id: is missing");
    BOOST_TEST(complaint_of(R"({"models":[{"id":7}]})") == "models[0].id: is not a string");
    BOOST_TEST(
        complaint_of(R"({"models":[{"id":"a b"}]})") == "models[0].id: 'a b' is not a model's name"
    );
    BOOST_TEST(
        complaint_of(R"({"models":[{"id":"a","endpoints":[]}]})") == "models[0]: a has no endpoints"
    );
    BOOST_TEST(
        complaint_of(R"({"models":[{"id":"a","endpoints":[3]}]})") ==
        "models[0].endpoints[0]: is not an object"
    );
    BOOST_TEST(
        complaint_of(R"({"models":[{"id":"a","endpoints":[{"model":"m"}]}]})") ==
        "models[0].endpoints[0].provider: is missing"
    );
    BOOST_TEST(
        complaint_of(R"({"models":[{"id":"a","endpoints":[{"provider":"p"}]}]})") ==
        "models[0].endpoints[0].model: is missing"
    );
    BOOST_TEST(
        complaint_of(
            R"({"models":[{"id":"a","context_length":-1,"endpoints":[{"provider":"p","model":"m"}]}]})"
        ) == "models[0].context_length: is not a count of tokens"
    );
    BOOST_TEST(
        complaint_of(
            R"({"models":[{"id":"a","supported_parameters":[1],"endpoints":[{"provider":"p","model":"m"}]}]})"
        ) == "models[0].supported_parameters: holds something that is not a word"
    );
    BOOST_TEST(complaint_of(std::string(100, '[')) == "line 1 is not valid JSON");
}

BOOST_AUTO_TEST_SUITE_END()
