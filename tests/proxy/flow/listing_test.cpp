#include "proxy/flow/listing.hpp"
#include "tests/proxy/flow/plans.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace spillway;
using flow::usd_per_token;

routing::endpoint_description endpoint(std::uint32_t context, std::uint32_t output) {
    routing::endpoint_description made;
    made.account = "openai";
    made.upstream_model = "m" + std::to_string(context);
    made.context = context;
    made.max_output = output;
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listings)

// L-8: an integer of nano-dollars a million tokens is 10^-15 dollars a token, to the last digit.
BOOST_AUTO_TEST_CASE(prices_are_exact) {
    BOOST_TEST(usd_per_token(0) == "0");
    BOOST_TEST(usd_per_token(1) == "0.000000000000001");
    BOOST_TEST(usd_per_token(10) == "0.00000000000001");
    BOOST_TEST(usd_per_token(150'000'000) == "0.00000015");
    BOOST_TEST(usd_per_token(2'500'000'000) == "0.0000025");
    BOOST_TEST(usd_per_token(123'456'789) == "0.000000123456789");
    BOOST_TEST(usd_per_token(999'999'999'999'999) == "0.999999999999999");
    BOOST_TEST(usd_per_token(1'000'000'000'000'000) == "1");
    BOOST_TEST(usd_per_token(10'000'000'000'000'000) == "10");
    BOOST_TEST(usd_per_token(1'500'000'000'000'000) == "1.5");
    BOOST_TEST(usd_per_token(INT64_MAX) == "9223.372036854775807");
}

BOOST_AUTO_TEST_CASE(a_row_shows_the_first_prices_and_the_largest_limits) {
    tests::world world;
    routing::model_description model;
    model.id = "openai/gpt";
    model.display_name = "GPT";
    model.created = 1'700'000'000;
    model.endpoints = {endpoint(1000, 500), endpoint(8000, 100)};
    model.endpoints[0].price.prompt = 150'000'000;
    model.endpoints[1].price.prompt = 1;
    model.endpoints[0].price.cache_read = 75'000'000;
    world.plain.models.push_back(model);
    const flow::deployment plan = world.plan();
    const flow::listed_row row{plan.routes->models().front()};
    const adapters::listed_model view = row.view();
    BOOST_TEST(view.id == "openai/gpt");
    BOOST_TEST(view.name == "GPT");
    BOOST_TEST(view.created == 1'700'000'000);
    BOOST_TEST(view.price_prompt == "0.00000015");
    BOOST_TEST(view.price_completion == "");  // not known is not free
    BOOST_TEST(view.price_cached_read == "0.000000075");
    BOOST_TEST(view.context_length == 8000U);
    BOOST_TEST(view.max_completion_tokens == 500U);
}

BOOST_AUTO_TEST_CASE(what_the_organisation_denies_is_not_listed) {
    tests::world world;
    for (const char* id : {"openai/one", "openai/two"}) {
        routing::model_description model;
        model.id = id;
        model.endpoints = {endpoint(1, 1)};
        world.plain.models.push_back(model);
    }
    world.plain.deny_models = {"openai/two"};
    const flow::deployment plan = world.plan();
    for (std::size_t i = 0; i < adapters::list_forms; ++i) {
        const auto form = static_cast<adapters::list_form>(i);
        const std::string text = flow::render_listing(*plan.routes, form);
        BOOST_TEST(text.contains("openai/one"));
        BOOST_TEST(!text.contains("openai/two"));
    }
}

BOOST_AUTO_TEST_CASE(one_model_is_found_by_its_slug_only) {
    tests::world world;
    routing::model_description model;
    model.id = "openai/one";
    model.endpoints = {endpoint(1, 1)};
    world.plain.models.push_back(model);
    const flow::deployment plan = world.plan();
    BOOST_TEST(plan.render_model("openai/one", adapters::list_form::openai).contains("openai/one"));
    BOOST_TEST(plan.render_model("openai/two", adapters::list_form::openai) == "");
    BOOST_TEST(plan.render_model("", adapters::list_form::openai) == "");
}

BOOST_AUTO_TEST_CASE(a_model_the_organisation_denies_is_not_shown_either) {
    tests::world world;
    routing::model_description model;
    model.id = "openai/one";
    model.endpoints = {endpoint(1, 1)};
    world.plain.models.push_back(model);
    world.plain.deny_models = {"openai/*"};
    const flow::deployment plan = world.plan();
    BOOST_TEST(plan.render_model("openai/one", adapters::list_form::openrouter) == "");
}

BOOST_AUTO_TEST_SUITE_END()
