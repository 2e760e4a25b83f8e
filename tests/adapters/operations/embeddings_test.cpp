// Embeddings from any dialect to any kind of endpoint and back: what the provider gets, and what the client reads.
#include "adapters/operations/embeddings/embedding.hpp"
#include "adapters/operations/embeddings/numbers.hpp"
#include "adapters/operations/embeddings/read_answer.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/operations.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <filesystem>
#include <iostream>

namespace spillway::testing {

namespace {

using namespace adapters;
namespace fs = std::filesystem;

constexpr std::string_view openai_body =
    R"({"model":"acme/m1","input":["a \"q\"","b"],"dimensions":512,"user":"u1"})";
constexpr std::string_view two_texts = R"({"model":"acme/m1","input":["a","b"]})";
constexpr std::string_view one_text = R"({"model":"acme/m1","input":"a"})";

operation_run towards(std::string_view provider, std::string_view model = "m-1") {
    operation_run run;
    run.provider = provider;
    run.model = model;
    return run;
}

operation_run of(operation_run run, protocol dialect, operation what = operation::embeddings) {
    run.dialect = dialect;
    run.what = what;
    return run;
}

std::string packed(std::string_view list) {
    std::string text;
    BOOST_TEST(embeddings::append_base64_of(text, list));
    return text;
}

std::string listed(std::string_view base64) {
    std::string text;
    return embeddings::append_list_of(text, base64) ? text : "no list";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(embedding_requests)

BOOST_AUTO_TEST_CASE(google_gets_a_batch_that_repeats_the_model) {
    const auto sent = towards("google-ai-studio", "gemini-embedding-001").request(openai_body);
    BOOST_TEST(sent.target == "/base/models/gemini-embedding-001:batchEmbedContents");
    BOOST_TEST(
        sent.body ==
        R"({"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a \"q\""}]},)"
        R"("outputDimensionality":512},{"model":"models/gemini-embedding-001","content":{"parts":)"
        R"([{"text":"b"}]},"outputDimensionality":512}]})"
    );
    BOOST_TEST(sent.dropped.empty());
}

BOOST_AUTO_TEST_CASE(vertex_gets_instances) {
    const auto sent =
        towards("google-vertex", "text-embedding-005")
            .request(R"({"model":"x","input":["a","b"],"input_type":"search_query"})");
    BOOST_TEST(sent.target == "/base/publishers/google/models/text-embedding-005:predict");
    BOOST_TEST(
        sent.body == R"({"instances":[{"content":"a","task_type":"RETRIEVAL_QUERY"},)"
                     R"({"content":"b","task_type":"RETRIEVAL_QUERY"}],"parameters":{}})"
    );
}

BOOST_AUTO_TEST_CASE(vertex_embeds_with_its_second_generation_one_by_one) {
    const auto run = towards("google-vertex", "gemini-embedding-2");
    const auto sent = run.request(one_text);
    BOOST_TEST(sent.target == "/base/publishers/google/models/gemini-embedding-2:embedContent");
    BOOST_TEST(sent.body == R"({"content":{"parts":[{"text":"a"}]}})");
    BOOST_TEST(
        run.request(openai_body).refusal ==
        "gemini-embedding-2 takes one input of Google a request; 2 were sent."
    );
}

BOOST_AUTO_TEST_CASE(cohere_gets_a_purpose_even_if_nobody_named_one) {
    const auto sent = towards("cohere", "embed-v4.0").request(openai_body);
    BOOST_TEST(sent.target == "/base/embed");
    BOOST_TEST(
        sent.body ==
        R"({"model":"embed-v4.0","texts":["a \"q\"","b"],"input_type":"search_document",)"
        R"("embedding_types":["float"],"output_dimension":512})"
    );
}

BOOST_AUTO_TEST_CASE(cohere_packs_what_is_asked_for_in_base64) {
    const auto sent =
        towards("cohere").request(R"({"model":"x","input":"a","encoding_format":"base64"})");
    BOOST_TEST(sent.body.contains(R"("embedding_types":["base64"])"));
}

BOOST_AUTO_TEST_CASE(titan_gets_one_text_and_its_first_generation_no_dimensions) {
    const auto second = towards("amazon-bedrock", "amazon.titan-embed-text-v2:0");
    const auto sent = second.request(R"({"model":"x","input":["a"],"dimensions":256})");
    BOOST_TEST(sent.target == "/base/model/amazon.titan-embed-text-v2%3A0/invoke");
    BOOST_TEST(sent.body == R"({"inputText":"a","dimensions":256})");
    const auto first = towards("amazon-bedrock", "amazon.titan-embed-text-v1")
                           .request(R"({"model":"x","input":"a","dimensions":256})");
    BOOST_TEST(first.body == R"({"inputText":"a"})");
    BOOST_TEST(first.dropped == "dimensions");
    const auto many = second.request(openai_body);
    BOOST_TEST(many.status == 400U);
    BOOST_TEST(
        many.refusal ==
        "amazon.titan-embed-text-v2:0 takes one input of Amazon Bedrock a request; 2 were sent."
    );
    BOOST_TEST(many.param == "input");
}

BOOST_AUTO_TEST_CASE(cohere_at_amazon_is_named_by_the_path) {
    const auto sent =
        towards("amazon-bedrock", "us.cohere.embed-v4:0")
            .request(R"({"model":"x","input":["a"],"encoding_format":"base64","dimensions":256})");
    BOOST_TEST(
        sent.body == R"({"texts":["a"],"input_type":"search_document","embedding_types":["float"],)"
                     R"("output_dimension":256})"
    );
}

BOOST_AUTO_TEST_CASE(ollama_gets_a_list) {
    const auto sent = towards("ollama-native").request(openai_body);
    BOOST_TEST(sent.target == "/base/api/embed");
    BOOST_TEST(sent.body == R"({"model":"m-1","input":["a \"q\"","b"],"dimensions":512})");
}

BOOST_AUTO_TEST_CASE(openai_keeps_its_octets_but_for_the_model) {
    const auto sent = towards("openai", "text-embedding-3-small").request(openai_body);
    BOOST_TEST(sent.target == "/base/embeddings");
    BOOST_TEST(
        sent.body ==
        R"({"model":"text-embedding-3-small","input":["a \"q\"","b"],"dimensions":512,"user":"u1"})"
    );
    // Its other protocol has the same endpoint.
    for (const std::string_view provider : {"openai", "openai-responses"}) {
        const auto tokens = towards(provider).request(R"({"model":"x", "input":[1,2]})");
        BOOST_TEST(tokens.target == "/base/embeddings");
        BOOST_TEST(tokens.body == R"({"model":"m-1", "input":[1,2]})");
        const std::string_view made =
            R"({"data":[{"embedding":[0.10]}],"usage":{"prompt_tokens":2,"total_tokens":2}})";
        const auto answer = towards(provider).answer(R"({"model":"x","input":[1,2]})", made);
        BOOST_TEST(answer.octets == made);
        BOOST_TEST(answer.facts.tokens.prompt == 2U);
    }
}

BOOST_AUTO_TEST_CASE(mistral_has_a_name_of_its_own_for_dimensions) {
    const auto sent = towards("mistral", "codestral-embed").request(openai_body);
    BOOST_TEST(
        sent.body == R"({"model":"codestral-embed","input":["a \"q\"","b"],"output_dimension":512})"
    );
    BOOST_TEST(sent.dropped == "user");
    const auto foreign =
        of(towards("mistral"), protocol::ollama)
            .request(R"({"model":"x","input":"a","dimensions":64,"truncate":true})");
    BOOST_TEST(
        foreign.body ==
        R"({"model":"m-1","input":"a","encoding_format":"float","output_dimension":64})"
    );
    BOOST_TEST(foreign.dropped == "truncate");
}

BOOST_AUTO_TEST_CASE(a_client_of_google_asks_openai) {
    const auto run = of(towards("openai"), protocol::gemini);
    const auto sent = run.request(
        R"({"requests":[{"model":"models/x","content":{"parts":[{"text":"a"},{"text":"b"}]},)"
        R"("taskType":"RETRIEVAL_DOCUMENT","title":"t","outputDimensionality":8},)"
        R"({"content":"c","task_type":"RETRIEVAL_DOCUMENT","title":"t","output_dimensionality":8}]})"
    );
    BOOST_TEST(sent.target == "/base/embeddings");
    BOOST_TEST(
        sent.body ==
        R"({"model":"m-1","input":["a\nb","c"],"encoding_format":"float","dimensions":8})"
    );
    BOOST_TEST(sent.dropped == "title, input_type");
    const auto unlike =
        run.request(R"({"requests":[{"content":"a","taskType":"CLUSTERING"},{"content":"b"}]})");
    BOOST_TEST(unlike.param == "requests");
}

BOOST_AUTO_TEST_CASE(a_client_of_google_keeps_its_body_towards_google) {
    const std::string_view batch =
        R"({ "requests": [ {"model": "models/acme/m1", "content": {"parts": [{"text": "a"}]}} ] })";
    const auto run = of(towards("google-ai-studio", "g-1"), protocol::gemini);
    BOOST_TEST(
        run.request(batch).body ==
        R"({ "requests": [ {"model": "models/g-1", "content": {"parts": [{"text": "a"}]}} ] })"
    );
    const auto one = of(run, protocol::gemini, operation::embed_one)
                         .request(R"({"content": {"parts": [{"text": "a"}]}})");
    BOOST_TEST(one.target == "/base/models/g-1:embedContent");
    BOOST_TEST(one.body == R"({"content": {"parts": [{"text": "a"}]}})");
}

BOOST_AUTO_TEST_CASE(a_client_of_cohere_asks_google_with_the_purpose_in_its_words) {
    const auto sent =
        of(towards("google-ai-studio", "g-1"), protocol::cohere)
            .request(R"({"model":"x","texts":["a"],"input_type":"search_query","truncate":"END"})");
    BOOST_TEST(
        sent.body == R"({"requests":[{"model":"models/g-1","content":{"parts":[{"text":"a"}]},)"
                     R"("taskType":"RETRIEVAL_QUERY"}]})"
    );
}

BOOST_AUTO_TEST_CASE(an_image_travels_in_each_form) {
    const std::string_view body =
        R"({"model":"x","input":[{"content":[{"type":"text","text":"a"},)"
        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]})";
    BOOST_TEST(towards("google-ai-studio", "g-1")
                   .request(body)
                   .body.contains(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})"));
    BOOST_TEST(towards("cohere").request(body).body.contains(
        R"("inputs":[{"content":[{"type":"text","text":"a"},{"type":"image_url","image_url":)"
        R"({"url":"data:image/png;base64,AAAA"}}]}])"
    ));
    BOOST_TEST(
        towards("ollama-native").request(body).refusal == "Ollama (native) embeds texts, no images."
    );
}

BOOST_AUTO_TEST_CASE(the_older_path_of_ollama_becomes_its_newer_one) {
    const auto sent = of(towards("ollama-native"), protocol::ollama, operation::embed_one)
                          .request(R"({"model":"x","prompt":"a"})");
    BOOST_TEST(sent.target == "/base/api/embed");
    BOOST_TEST(sent.body == R"({"model":"m-1","input":["a"]})");
}

BOOST_AUTO_TEST_CASE(lists_of_tokens_go_to_nobody_else) {
    for (const std::string_view input : {"[1,2]", "[[1],[2]]", "[ 7 ]"}) {
        const auto sent = towards("cohere").request(
            std::string{R"({"model":"x","input":)"}.append(input).append("}")
        );
        BOOST_TEST(sent.status == 400U);
        BOOST_TEST(sent.param == "input");
    }
}

BOOST_AUTO_TEST_CASE(who_makes_none_is_named) {
    const auto sent = towards("anthropic", "claude-x").request(one_text);
    BOOST_TEST(sent.status == 404U);
    BOOST_TEST(sent.refusal == "Anthropic makes no embeddings with claude-x.");
    BOOST_TEST(towards("amazon-bedrock", "amazon.nova-pro-v1:0").request(one_text).status == 404U);
}

BOOST_AUTO_TEST_CASE(small_numbers_come_from_cohere_alone) {
    const std::string_view body =
        R"({"model":"x","texts":["a"],"input_type":"search_query","embedding_types":["int8"]})";
    BOOST_TEST(of(towards("openai"), protocol::cohere).request(body).param == "embedding_types");
    const auto own = of(towards("cohere", "embed-v4.0"), protocol::cohere).request(body);
    BOOST_TEST(own.body.contains(R"("model":"embed-v4.0","texts":["a"])"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(embedding_answers)

// Each kind of endpoint gives the same two vectors.
struct made {
    std::string_view provider;
    std::string_view model;
    std::string_view body;
};
constexpr std::array<made, 6> kinds{{
    {"google-ai-studio",
     "g",
     R"({"embeddings":[{"values":[0.5,-1e-3]},{"values":[2,3]}],"usageMetadata":{"promptTokenCount":7}})"},
    {"google-vertex",
     "text-embedding-005",
     R"({"predictions":[{"embeddings":{"values":[0.5,-1e-3],"statistics":{"token_count":3.0,"truncated":false}}},)"
     R"({"embeddings":{"statistics":{"token_count":4},"values":[2,3]}}]})"},
    {"cohere",
     "embed-v4.0",
     R"({"id":"i","embeddings":{"float":[[0.5,-1e-3],[2,3]]},"texts":["a","b"],"meta":{"billed_units":{"input_tokens":7}}})"},
    {"amazon-bedrock", "cohere.embed-v4:0", R"({"id":"i","embeddings":[[0.5,-1e-3],[2,3]]})"},
    {"ollama-native", "n", R"({"embeddings":[[0.5,-1e-3],[2,3]],"prompt_eval_count":7})"},
    {"openai-responses",
     "text-embedding-3-small",
     R"({"object":"list","data":[{"index":1,"embedding":[2,3]},{"index":0,"embedding":[0.5,-1e-3]}],)"
     R"("usage":{"prompt_tokens":7,"total_tokens":7}})"},
}};

BOOST_AUTO_TEST_CASE(numbers_pass_as_they_are_spelled_in_every_dialect) {
    for (const made& kind : kinds) {
        BOOST_TEST_CONTEXT(kind.provider << " " << kind.model) {
            auto run = towards(kind.provider, kind.model);
            run.prompt_tokens = 7;
            const auto openai = run.answer(two_texts, kind.body);
            constexpr std::string_view written =
                R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1e-3]},)"
                R"({"object":"embedding","index":1,"embedding":[2,3]}],"model":"acme/m1",)"
                R"("usage":{"prompt_tokens":7,"total_tokens":7}})";
            const bool is_openais = kind.provider == "openai-responses";
            BOOST_TEST(openai.octets == (is_openais ? kind.body : written));
            BOOST_TEST(openai.facts.complete);
            BOOST_TEST(openai.facts.tokens.prompt == 7U);
            BOOST_TEST(openai.facts.tokens.completion == 0U);
            if (kind.provider != "ollama-native") {
                const auto ollama = of(run, protocol::ollama)
                                        .answer(R"({"model":"x","input":["a","b"]})", kind.body);
                BOOST_TEST(
                    ollama.octets ==
                    R"({"model":"acme/m1","embeddings":[[0.5,-1e-3],[2,3]],"total_duration":0,)"
                    R"("load_duration":0,"prompt_eval_count":7})"
                );
            }
            if (kind.provider != "google-ai-studio") {
                const auto google =
                    of(run, protocol::gemini)
                        .answer(R"({"requests":[{"content":"a"},{"content":"b"}]})", kind.body);
                BOOST_TEST(
                    google.octets == R"({"embeddings":[{"values":[0.5,-1e-3]},{"values":[2,3]}],)"
                                     R"("usageMetadata":{"promptTokenCount":7}})"
                );
            }
            if (kind.provider != "cohere") {
                const auto cohere =
                    of(run, protocol::cohere)
                        .answer(
                            R"({"model":"x","texts":["a","b"],"input_type":"search_query",)"
                            R"("embedding_types":["float","base64"]})",
                            kind.body
                        );
                if (kind.provider == "amazon-bedrock" || kind.provider == "openai-responses" ||
                    kind.provider == "google-vertex") {
                    BOOST_TEST(
                        cohere.octets ==
                        R"({"id":"gen-1-abc","embeddings":{"float":[[0.5,-1e-3],[2,3]],"base64":)"
                        R"(["AAAAP28Sg7o=","AAAAQAAAQEA="]},"texts":["a","b"],"meta":{"api_version":)"
                        R"({"version":"2"},"billed_units":{"input_tokens":7}},)"
                        R"("response_type":"embeddings_by_type"})"
                    );
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(base64_is_made_for_who_asks) {
    const auto answer = towards("ollama-native")
                            .answer(
                                R"({"model":"x","input":"a","encoding_format":"base64"})",
                                R"({"model":"n","embeddings":[[0.5,-0.25]],"prompt_eval_count":1})"
                            );
    BOOST_TEST(answer.octets.contains(R"("embedding":"AAAAPwAAgL4=")"));
    BOOST_TEST(answer.octets.contains(R"("model":"n")"));
}

BOOST_AUTO_TEST_CASE(base64_nobody_asked_for_becomes_numbers) {
    const auto answer = of(towards("openai"), protocol::ollama, operation::embed_one)
                            .answer(
                                R"({"model":"x","prompt":"a"})",
                                R"({"data":[{"index":0,"embedding":"AAAAPwAAgL4="}],"usage":{}})"
                            );
    BOOST_TEST(answer.octets == R"({"embedding":[0.5,-0.25]})");
    BOOST_TEST(answer.facts.tokens.estimated);
}

BOOST_AUTO_TEST_CASE(the_same_dialect_keeps_its_octets) {
    const std::string_view body =
        "{\n \"embeddings\": [ {\"values\": [ 0.10, 1 ]} ],\n \"more\": null }\n";
    const auto google = of(towards("google-ai-studio", "g"), protocol::gemini)
                            .answer(R"({"requests":[{"content":"abcd"}]})", body);
    BOOST_TEST(google.octets == body);
    BOOST_TEST(google.facts.tokens.present);
    BOOST_TEST(google.facts.tokens.estimated);
    BOOST_TEST(google.facts.tokens.prompt == 1U);  // four octets of text
    const std::string_view cohere_body =
        R"({"id":"1","embeddings":{"int8":[[1,-2]],"float":null},"meta":{"billed_units":{"input_tokens":2,"image_tokens":3}}})";
    const auto cohere =
        of(towards("cohere"), protocol::cohere)
            .answer(R"({"model":"x","texts":["a"],"embedding_types":["int8"]})", cohere_body);
    BOOST_TEST(cohere.octets == cohere_body);
    BOOST_TEST(cohere.facts.tokens.prompt == 5U);
}

BOOST_AUTO_TEST_CASE(shortened_vectors_of_google_get_unit_length) {
    const auto run = towards("google-ai-studio", "gemini-embedding-001");
    const std::string_view body = R"({"embeddings":[{"values":[3,4]}]})";
    const auto shortened = run.answer(R"({"model":"x","input":"a","dimensions":2})", body);
    BOOST_TEST(shortened.octets.contains(R"("embedding":[0.6,0.8])"));
    const auto full = run.answer(one_text, body);
    BOOST_TEST(full.octets.contains(R"("embedding":[3,4])"));
}

BOOST_AUTO_TEST_CASE(openrouter_gets_cost_provider_and_id) {
    auto run = towards("google-ai-studio", "g");
    run.side = face::openrouter;
    const auto answer = run.answer(
        one_text, R"({"embeddings":[{"values":[1]}],"usageMetadata":{"promptTokenCount":7}})"
    );
    const auto tree = parse_json(answer.octets);
    BOOST_TEST_REQUIRE(tree.has_value());
    BOOST_TEST(tree->word("id") == "gen-1-abc");
    BOOST_TEST(tree->word("provider") == "Acme");
    BOOST_TEST(tree->word("usage.prompt_tokens") == "7");
    BOOST_TEST(tree->word("usage.cost") == "0.000007");
    BOOST_TEST(tree->word("data.0.embedding.0") == "1");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_fails_before_anything_left) {
    const std::array<std::string_view, 9> bodies{
        "",
        "[]",
        "{}",
        R"({"embeddings":[]})",
        R"({"embeddings":[{"values":[1,"x"]}]})",
        R"({"embeddings":[{"values":[1]},{"values":[2]}]})",
        R"({"embeddings":[{"values":[1]}])",
        R"({"data":[{"index":0}]})",
        R"({"error":{"message":"no capacity","code":503}})",
    };
    for (const auto body : bodies) {
        BOOST_TEST_CONTEXT(body) {
            const auto answer = towards("google-ai-studio", "g").answer(one_text, body);
            BOOST_TEST(answer.octets.empty());
            BOOST_TEST(answer.failure.has_value());
            BOOST_TEST(!answer.facts.complete);
            BOOST_TEST(!answer.facts.content_started);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_index_beyond_the_inputs_or_twice_is_no_answer) {
    const auto run = of(towards("openai"), protocol::ollama);
    const std::string_view asked = R"({"model":"x","input":["a","b"]})";
    for (const std::string_view data :
         {R"([{"index":1,"embedding":[1]},{"index":1,"embedding":[2]}])",
          R"([{"index":0,"embedding":[1]},{"index":99999999999,"embedding":[2]}])",
          R"([{"index":0,"embedding":[1]},{"index":1,"embedding":"AAAA"}])"}) {
        const auto answer = run.answer(asked, std::string{R"({"data":)"}.append(data).append("}"));
        BOOST_TEST(answer.failure.has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(embedding_numbers)

BOOST_AUTO_TEST_CASE(floats_and_base64_are_each_others_inverse) {
    for (const std::string_view list :
         {"[]", "[1]", "[0.1,-0.25,3e-05]", "[1e-45,3.4028235e+38,-0]"}) {
        BOOST_TEST(listed(packed(list)) == list);
    }
    BOOST_TEST(packed("[ 0.5 ,\n -0.25 ]") == "AAAAPwAAgL4=");
    BOOST_TEST(packed("[1e-60]") == "AAAAAA==");
}

BOOST_AUTO_TEST_CASE(vectors_are_brought_to_unit_length_if_they_are_not) {
    const auto unit = [](std::string_view list) {
        std::string text;
        BOOST_TEST(embeddings::append_unit_list(text, list));
        return text;
    };
    BOOST_TEST(unit("[3, 4]") == "[0.6,0.8]");
    BOOST_TEST(unit("[0.60 , -0.8]") == "[0.60 , -0.8]");
    BOOST_TEST(unit("[0,0]") == "[0,0]");
    BOOST_TEST(unit("[]") == "[]");
}

BOOST_AUTO_TEST_CASE(what_no_float_holds_is_refused) {
    std::string text;
    BOOST_TEST(!embeddings::append_base64_of(text, "[1e39]"));
    BOOST_TEST(listed("AAAA") == "no list");      // three octets
    BOOST_TEST(listed("AADAfw==") == "no list");  // not a number
    BOOST_TEST(listed("????") == "no list");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(embedding_recordings)

BOOST_AUTO_TEST_CASE(every_recorded_answer_has_vectors_and_every_recorded_refusal_none) {
    const fs::path root{"../shared/recordings"};
    if (!fs::exists(root)) {
        std::cout << "embedding recordings: not here, none ran\n";
        return;
    }
    std::size_t answers = 0;
    std::size_t refusals = 0;
    for (const auto& file : fs::recursive_directory_iterator{root}) {
        const std::string name = file.path().filename().string();
        const bool is_embedding = name.contains("embed") || name.contains("predict-plain");
        // Amazon's Nova is not asked; a page of OpenAI's bills only bears the name.
        const bool is_bill = name == "embeddings-text-na-01.json" &&
                             file.path().parent_path().filename() == "openai";
        if (name.contains("nova") || is_bill) continue;
        if (!is_embedding || !name.ends_with(".json") || name.contains(".req")) continue;
        const padded_text body{read_file(file.path())};
        embeddings::embedding_answer answer;
        const bool is_read = embeddings::read_answer(body.view(), 0, answer);
        const bool is_refusal = name.contains("error");
        BOOST_TEST(is_read != is_refusal, file.path().string());
        is_refusal ? ++refusals : ++answers;
    }
    std::cout << "embedding recordings: " << answers << " answers, " << refusals << " refusals\n";
    BOOST_TEST(answers > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
