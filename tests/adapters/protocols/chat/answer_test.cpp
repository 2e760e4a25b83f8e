#include "tests/adapters/support/answers.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;

const std::string answer =
    R"({"id":"c","object":"chat.completion","created":1,"model":"up-1","odd":[1e400,-0],)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"end_turn"}],)"
    R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"queue_time":0.10,"prompt_tokens_details":{"cached_tokens":1}}})";

answer_run whole(face side) {
    answer_run run;
    run.side = side;
    run.how = delivery::whole;
    return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(whole_answers)

BOOST_AUTO_TEST_CASE(v1_passes_octet_for_octet_and_counts) {
    for (std::string space : {"", "\n         \n\n", " "}) {
        auto got = whole(face::openai).over_three_ways(space + answer + "\n");
        BOOST_TEST(got.octets == space + answer + "\n");
        BOOST_TEST(got.facts.tokens.cached_read == 1u);
        BOOST_TEST(got.finish_reason == "end_turn");
        BOOST_TEST(got.facts.complete);
    }
}

BOOST_AUTO_TEST_CASE(api_v1_is_spliced_and_keeps_what_is_not_ours) {
    auto got = whole(face::openrouter).over_three_ways(answer);
    BOOST_TEST(
        got.octets ==
        R"({"id":"gen-1-abc","object":"chat.completion","created":1,"model":"acme/m1","provider":"Acme","odd":[1e400,-0],)"
        R"("choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop","native_finish_reason":"end_turn"}],)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cost":0.000007,"is_byok":false,)"
        R"("prompt_tokens_details":{"cached_tokens":1,"cache_write_tokens":0,"audio_tokens":0,"video_tokens":0},)"
        R"("cost_details":{"upstream_inference_cost":0.000007,"upstream_inference_prompt_cost":0.000003,"upstream_inference_completions_cost":0.000004},)"
        R"("completion_tokens_details":{"reasoning_tokens":0,"image_tokens":0,"audio_tokens":0},"queue_time":0.10}})"
    );
}

BOOST_AUTO_TEST_CASE(api_v1_fills_in_what_a_sparse_answer_lacks) {
    auto got =
        whole(face::openrouter)
            .over(
                R"({"choices":[{"index":0,"message":{"content":"x","tool_calls":null},"finish_reason":""}],"usage":null})"
            );
    auto tree = parse_json(got.octets);
    BOOST_REQUIRE(tree.has_value());
    BOOST_TEST(tree->word("id") == "gen-1-abc");
    BOOST_TEST(tree->word("provider") == "Acme");
    BOOST_TEST(tree->word("choices.0.finish_reason") == "stop");
    BOOST_TEST(tree->word("usage.estimated") == "true");
    auto empty = parse_json(whole(face::openrouter).over("{}").octets);
    BOOST_REQUIRE(empty.has_value());
    BOOST_TEST(empty->word("model") == "acme/m1");
}

BOOST_AUTO_TEST_CASE(api_v1_calls_thoughts_reasoning) {
    const auto message_of = [](std::string_view thoughts) {
        const auto text = R"({"choices":[{"index":0,"message":{"role":"assistant",)" +
                          std::string{thoughts} + R"(,"content":"x"},"finish_reason":"stop"}]})";
        return parse_json(whole(face::openrouter).over(text).octets)
            ->at("choices.0.message")
            ->dump();
    };
    const auto* const renamed = R"({"role":"assistant","reasoning":"hm","content":"x"})";
    BOOST_TEST(message_of(R"("reasoning_content":"hm")") == renamed);
    const auto* const both =
        R"({"role":"assistant","reasoning_content":"hm","reasoning":"h","content":"x"})";
    BOOST_TEST(message_of(R"("reasoning_content":"hm","reasoning":"h")") == both);
}

BOOST_AUTO_TEST_CASE(embeddings_keep_the_providers_model_name) {
    auto run = whole(face::openrouter);
    run.what = operation::embeddings;
    auto tree = parse_json(
        run.over(
               R"({"object":"list","data":[{"embedding":[0.1,-2e-9]}],"model":"te-3","usage":{"prompt_tokens":7,"total_tokens":7}})"
        )
            .octets
    );
    BOOST_REQUIRE(tree.has_value());
    BOOST_TEST(tree->word("model") == "te-3");
    BOOST_TEST(tree->word("id") == "gen-1-abc");
    BOOST_TEST(tree->word("usage.cost") == "0.000007");
    BOOST_TEST(tree->at("data")->dump() == R"([{"embedding":[0.1,-2e-9]}])");
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_200_leaves_nothing) {
    for (std::string_view body :
         {R"({"error":{"message":"no","code":502}})",
          R"({"object":"error","message":"no"})",
          R"({"detail":"no"})",
          R"({"code":"no such thing","error":"no"})",
          R"({"success":false,"errors":[{"message":"no"}]})",
          "<html>no</html>",
          "upstream says no",
          R"({"error":{"message":"no")"}) {
        for (auto side : {face::openai, face::openrouter}) {
            auto got = whole(side).over_three_ways(body);
            BOOST_TEST_CONTEXT(body) {
                BOOST_TEST(got.failure.has_value());
                BOOST_TEST(got.octets.empty());
                BOOST_TEST(!got.facts.complete);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_is_judged_to_its_end_and_in_its_middle) {
    // Each of these ends like a good answer.
    const std::string_view bodies[] = {
        R"({"id":"c","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"error":{"message":"no"},)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})",
        R"({"id":"c","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5},"error":{"message":"no"}})",
        R"({"id":"c","choices":[{"message":{"content":"hi},"finish_reason":"stop"}],)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})",
        R"({"id":"c","choices":[{"message":{"content":"hi"},"finish_reason":"stop"},)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})",
        R"({"id":"c","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}})",
        R"({"id":"c","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}} {"id":"c"})",
    };
    for (auto body : bodies) {
        for (auto side : {face::openai, face::openrouter}) {
            auto got = whole(side).over_three_ways(body);
            BOOST_TEST_CONTEXT(body) {
                BOOST_TEST(got.failure.has_value());
                BOOST_TEST(got.octets.empty());
                BOOST_TEST(!got.facts.content_started);
            }
        }
    }
    const std::string_view good =
        R"({"id":"c","choices":[{"message":{"content":"\"error\":{\\"},"finish_reason":"stop"}],"error":null,)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";
    BOOST_TEST(whole(face::openai).over_three_ways(good).octets == good);
}

BOOST_AUTO_TEST_CASE(an_answer_cut_short_is_not_complete) {
    for (auto side : {face::openai, face::openrouter}) {
        auto run = whole(side);
        run.end = ending::cut;
        BOOST_TEST(!run.over_three_ways(answer.substr(0, 80)).facts.complete);
    }
}

BOOST_AUTO_TEST_CASE(long_answers_pass_v1_in_pieces_and_their_ends_are_read) {
    std::string padding_text(300'000, 'x');
    auto tail =
        R"({"id":"c","choices":[{"message":{"content":")" + padding_text +
        R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})";
    auto head =
        R"({"id":"c","usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5},"choices":[{"message":{"content":")" +
        padding_text + R"("}}]})";
    for (const auto& body : {tail, head}) {
        for (std::size_t step : {std::size_t{1000}, std::size_t{16384}, body.size()}) {
            pieces parts;
            for (std::size_t i = 0; i < body.size(); i += step)
                parts.push_back(std::string_view{body}.substr(i, step));
            auto got = whole(face::openai).over(parts);
            BOOST_TEST((got.octets == body));
            BOOST_TEST(got.facts.tokens.total == 5u);
        }
    }
}

BOOST_AUTO_TEST_CASE(api_v1_passes_what_is_too_long_to_collect) {
    std::string body = R"({"id":"c","x":")" + std::string(17 * 1024 * 1024, 'x') + "\"}";
    pieces parts;
    for (std::size_t i = 0; i < body.size(); i += 1 << 20)
        parts.push_back(std::string_view{body}.substr(i, 1 << 20));
    BOOST_TEST((whole(face::openrouter).over(parts).octets == body));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
