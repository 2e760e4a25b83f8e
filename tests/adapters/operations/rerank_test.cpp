// Reranks between Cohere's dialect and the one of Jina, vLLM and OpenRouter; and who has which operation.
#include "adapters/operations/rerank/rerank.hpp"
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

operation_run towards(std::string_view provider, protocol dialect = protocol::chat) {
    operation_run run;
    run.provider = provider;
    run.dialect = dialect;
    run.what = operation::rerank;
    return run;
}

constexpr std::string_view asked =
    R"({"model":"acme/m1","query":"q","documents":["a \"1\"",{"text":"b"}],"top_n":2})";
constexpr std::string_view cohere_answer =
    R"({"id":"i","results":[{"index":1,"relevance_score":0.910},{"index":0,"relevance_score":4.2e-1}],)"
    R"("meta":{"billed_units":{"search_units":3},"tokens":{"input_tokens":214.0}}})";
constexpr std::string_view common_answer =
    R"({"model":"r","results":[{"index":1,"document":{"text":"b"},"relevance_score":0.910}],)"
    R"("usage":{"total_tokens":9}})";

}  // namespace

BOOST_AUTO_TEST_SUITE(reranking)

BOOST_AUTO_TEST_CASE(cohere_gets_plain_texts) {
    const auto sent = towards("cohere").request(asked);
    BOOST_TEST(sent.target == "/base/rerank");
    BOOST_TEST(sent.body == R"({"model":"m-1","query":"q","documents":["a \"1\"","b"],"top_n":2})");
    const auto image = towards("cohere").request(
        R"({"model":"x","query":"q","documents":[{"image":"https://x.test/a.png"}]})"
    );
    BOOST_TEST(image.refusal == "Cohere ranks texts, no images.");
}

BOOST_AUTO_TEST_CASE(others_are_not_asked_to_repeat_what_is_known) {
    const auto sent =
        towards("vllm", protocol::cohere)
            .request(R"({"model":"x","query":"q","documents":["a"],"max_tokens_per_doc":7})");
    BOOST_TEST(sent.target == "/base/rerank");
    BOOST_TEST(
        sent.body == R"({"model":"m-1","query":"q","documents":["a"],"return_documents":false})"
    );
    BOOST_TEST(sent.dropped == "max_tokens_per_doc");
}

BOOST_AUTO_TEST_CASE(the_same_dialect_keeps_its_octets) {
    BOOST_TEST(
        towards("vllm").request(asked).body ==
        R"({"model":"m-1","query":"q","documents":["a \"1\"",{"text":"b"}],"top_n":2})"
    );
    BOOST_TEST(towards("vllm").answer(asked, common_answer).octets == common_answer);
    const auto own = towards("cohere", protocol::cohere);
    BOOST_TEST(own.request(asked).body.contains(R"("model":"m-1")"));
    BOOST_TEST(own.answer(asked, cohere_answer).octets == cohere_answer);
}

BOOST_AUTO_TEST_CASE(coheres_answer_becomes_the_others) {
    const auto answer = towards("cohere").answer(asked, cohere_answer);
    BOOST_TEST(
        answer.octets ==
        R"({"id":"gen-1-abc","object":"list","model":"acme/m1","results":[{"index":1,)"
        R"("relevance_score":0.910,"document":{"text":"b"}},{"index":0,"relevance_score":4.2e-1,)"
        R"("document":{"text":"a \"1\""}}],"usage":{"search_units":3,"total_tokens":214}})"
    );
    BOOST_TEST(answer.facts.tokens.prompt == 214U);
    BOOST_TEST(answer.facts.tokens.completion == 0U);
    BOOST_TEST(answer.facts.complete);
}

BOOST_AUTO_TEST_CASE(the_others_answer_becomes_coheres) {
    const auto answer = towards("vllm", protocol::cohere).answer(asked, common_answer);
    BOOST_TEST(
        answer.octets == R"({"id":"gen-1-abc","results":[{"index":1,"relevance_score":0.910}],)"
                         R"("meta":{"api_version":{"version":"2"},"tokens":{"input_tokens":9}}})"
    );
}

BOOST_AUTO_TEST_CASE(openrouter_gets_units_documents_and_cost) {
    for (const std::string_view provider : {"cohere", "vllm"}) {
        auto run = towards(provider);
        run.side = face::openrouter;
        const auto tree = parse_json(
            run.answer(asked, provider == "cohere" ? cohere_answer : common_answer).octets
        );
        BOOST_TEST_REQUIRE(tree.has_value());
        BOOST_TEST(tree->word("id") == "gen-1-abc");
        BOOST_TEST(tree->word("provider") == "Acme");
        BOOST_TEST(tree->word("results.0.document.text") == "b");
        BOOST_TEST(tree->word("usage.search_units") == (provider == "cohere" ? "3" : ""));
        BOOST_TEST(tree->word("usage.cost") == (provider == "cohere" ? "0.000214" : "0.000009"));
    }
}

BOOST_AUTO_TEST_CASE(documents_are_not_repeated_to_who_does_not_want_them) {
    const auto answer = towards("cohere").answer(
        R"({"model":"x","query":"q","documents":["a","b"],"return_documents":false})", cohere_answer
    );
    BOOST_TEST(!answer.octets.contains("document\""));
}

BOOST_AUTO_TEST_CASE(a_rank_of_nothing_that_was_sent_is_no_answer) {
    for (const std::string_view body :
         {"",
          "{}",
          R"({"results":[{"index":2,"relevance_score":1}]})",
          R"({"results":[{"index":0}]})",
          R"({"error":{"message":"no"}})"}) {
        const auto answer = towards("cohere").answer(asked, body);
        BOOST_TEST(answer.octets.empty());
        BOOST_TEST(answer.failure.has_value());
    }
}

BOOST_AUTO_TEST_CASE(recorded_answers_are_read) {
    const fs::path root{"../shared/recordings"};
    if (!fs::exists(root)) {
        std::cout << "rerank recordings: not here, none ran\n";
        return;
    }
    std::size_t ran = 0;
    for (const auto& file : fs::recursive_directory_iterator{root}) {
        const std::string name = file.path().filename().string();
        if (!name.contains("rerank") || !name.ends_with(".json") || name.contains(".req")) continue;
        const padded_text body{read_file(file.path())};
        rerank::rerank_answer answer;
        const bool is_read = rerank::read_answer(body.view(), 0, answer);
        // Refusals, and the answers of Google and Amazon, are built otherwise.
        const auto folder = file.path().parent_path().filename();
        const bool is_ours = !name.contains("error") && folder != "vertex" && folder != "bedrock";
        BOOST_TEST(is_read == is_ours, file.path().string());
        ++ran;
    }
    std::cout << "rerank recordings: " << ran << " ran\n";
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(served_operations)

BOOST_AUTO_TEST_CASE(who_has_no_endpoint_names_who_has) {
    struct row {
        std::string_view provider;
        operation what;
        std::string_view words;
    };
    for (const row& one :
         {row{"groq", operation::embeddings, "Groq has no endpoint for embeddings;"},
          row{"groq", operation::rerank, "Cohere, Together"},
          row{"openai", operation::rerank, "OpenAI has no endpoint for rerank;"},
          row{"groq", operation::moderations, "OpenAI and Mistral have one."},
          row{"cohere", operation::moderations, "OpenAI and Mistral have one."},
          row{"cohere", operation::images, "OpenAI, Azure"},
          row{"anthropic", operation::rerank, "Cohere, Together"}}) {
        auto run = towards(one.provider);
        run.what = one.what;
        const auto sent = run.request(R"({"model":"x","input":"a","prompt":"p"})");
        BOOST_TEST(sent.status == 404U);
        BOOST_TEST(sent.refusal.contains(one.words), sent.refusal);
    }
}

BOOST_AUTO_TEST_CASE(moderations_and_images_pass_as_they_are) {
    auto run = towards("openai");
    run.what = operation::moderations;
    const auto sent = run.request(R"({"model":"x", "input": ["a"]})");
    BOOST_TEST(sent.target == "/base/moderations");
    BOOST_TEST(sent.body == R"({"model":"m-1", "input": ["a"]})");
    for (const auto side : {face::openai, face::openrouter}) {
        run.side = side;
        const std::string_view body = R"({"id":"modr-1","model":"m","results":[{"flagged":true}]})";
        const auto answer = run.answer(R"({"model":"x","input":["a"]})", body);
        BOOST_TEST(answer.octets == body);
        BOOST_TEST(answer.facts.complete);
        BOOST_TEST(answer.facts.tokens.completion == 0U);
    }
    run.what = operation::images;
    BOOST_TEST(run.request(R"({"model":"x","prompt":"p"})").target == "/base/images/generations");
    const std::string_view old = R"({"model":"m-1","prompt":"p","response_format":"url"})";
    BOOST_TEST(run.request(old).body == old);
    const auto streamed = run.request(R"({"model":"x","prompt":"p","stream":true})");
    BOOST_TEST(streamed.param == "stream");
}

BOOST_AUTO_TEST_CASE(images_are_made_by_geminis_chats) {
    auto run = towards("google-ai-studio");
    run.model = "gemini-2.5-flash-image";
    run.what = operation::images;
    const std::string_view asked_for =
        R"({"model":"x","prompt":"a \"cat\"","size":"1536x1024","n":1,"quality":"high"})";
    const auto sent = run.request(asked_for);
    BOOST_TEST(sent.target == "/base/models/gemini-2.5-flash-image:generateContent");
    BOOST_TEST(sent.dropped == "quality");
    const auto tree = parse_json(sent.body);
    BOOST_TEST_REQUIRE(tree.has_value());
    BOOST_TEST(tree->at("contents.0.parts.0.text")->text == R"("a \"cat\"")");
    BOOST_TEST(tree->word("generationConfig.responseModalities.1") == "IMAGE");
    BOOST_TEST(tree->word("generationConfig.imageConfig.aspectRatio") == "3:2");
    const auto answer = run.answer(
        asked_for,
        R"({"candidates":[{"content":{"parts":[{"text":"Here"},{"inlineData":{"mimeType":"image/png",)"
        R"("data":"AAAA"}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,)"
        R"("candidatesTokenCount":1290,"totalTokenCount":1293}})"
    );
    BOOST_TEST(
        answer.octets ==
        R"({"created":1700000000,"data":[{"b64_json":"AAAA"}],"usage":{"input_tokens":3,)"
        R"("output_tokens":1290,"total_tokens":1293}})"
    );
    const auto refused = run.answer(
        asked_for,
        R"({"candidates":[{"content":{"parts":[{"text":"No \"cats\"."}]},"finishReason":"STOP"}]})"
    );
    BOOST_TEST(refused.octets.empty());
    BOOST_TEST_REQUIRE(refused.failure.has_value());
    BOOST_TEST(refused.failure->message == "The model made no image (STOP): No \"cats\".");
    run.model = "imagen-4";
    BOOST_TEST(run.request(asked_for).status == 404U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
