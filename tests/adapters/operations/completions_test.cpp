// Legacy completions of providers that only chat: the prompt on its way there, the answer on its way back.
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/operations.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::testing {

namespace {

using namespace adapters;

operation_run towards(std::string_view provider) {
    operation_run run;
    run.provider = provider;
    run.what = operation::completions;
    return run;
}

constexpr std::string_view plain = R"({"model":"acme/m1","prompt":"a \"q\"","temperature":0.50})";

constexpr std::string_view chat_answer =
    R"({"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"b \"c\""},)"
    R"("finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}})";

constexpr std::string_view chat_stream =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"b \"}}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"c\"}}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: "
    "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}"
    "\n\n"
    "data: [DONE]\n\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(completions)

BOOST_AUTO_TEST_CASE(the_prompt_becomes_one_message_and_the_limit_is_openais) {
    const auto groq = towards("groq").request(plain);
    BOOST_TEST(groq.target == "/base/chat/completions");
    const auto tree = parse_json(groq.body);
    BOOST_TEST_REQUIRE(tree.has_value());
    BOOST_TEST(tree->word("messages.0.role") == "user");
    BOOST_TEST(tree->at("messages.0.content")->text == R"("a \"q\"")");
    BOOST_TEST(tree->word("max_tokens") == "16");
    BOOST_TEST(tree->word("temperature") == "0.50");
    BOOST_TEST(!tree->find("prompt"));
    const auto claude = towards("anthropic").request(plain);
    BOOST_TEST(claude.target == "/base/messages");
    BOOST_TEST(claude.body.contains(R"("max_tokens":16)"));
    const auto one = towards("groq").request(R"({"model":"x","prompt":["p"],"max_tokens":5})");
    BOOST_TEST(parse_json(one.body)->word("messages.0.content") == "p");
    BOOST_TEST(parse_json(one.body)->word("max_tokens") == "5");
}

BOOST_AUTO_TEST_CASE(who_has_completions_gets_the_body_as_it_is) {
    const std::string_view body =
        R"({"model":"m-1","prompt":["p","q"],"echo":true,"best_of":3,"suffix":"s"})";
    const auto sent = towards("openai").request(body);
    BOOST_TEST(sent.target == "/base/completions");
    BOOST_TEST(sent.body == body);
}

BOOST_AUTO_TEST_CASE(what_a_chat_cannot_do_is_refused_by_name) {
    struct row {
        std::string_view members;
        std::string_view param;
    };
    for (const row& one :
         {row{R"("prompt":["p","q"])", "prompt"},
          row{R"("prompt":[1,2])", "prompt"},
          row{R"("prompt":[[1],[2]])", "prompt"},
          row{R"("prompt":[])", "prompt"},
          row{R"("stop":"s")", "prompt"},
          row{R"("prompt":"p","suffix":"s")", "suffix"},
          row{R"("prompt":"p","echo":true)", "echo"}}) {
        BOOST_TEST_CONTEXT(one.members) {
            const auto body = std::string{R"({"model":"x",)"}.append(one.members).append("}");
            const auto sent = towards("anthropic").request(body);
            BOOST_TEST(sent.status == 400U);
            BOOST_TEST(sent.param == one.param);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_changes_little_is_left_out_by_name) {
    const auto sent =
        towards("google-ai-studio")
            .request(R"({"model":"x","prompt":"p","best_of":2,"logprobs":1,"echo":false,)"
                     R"("suffix":null,"stop":["s"]})");
    BOOST_TEST(sent.dropped == "best_of, logprobs");
    BOOST_TEST(sent.body.contains(R"("stopSequences":["s"])"));
}

BOOST_AUTO_TEST_CASE(a_whole_answer_is_a_text_completion) {
    const auto answer = towards("groq").answer(plain, chat_answer);
    BOOST_TEST(
        answer.octets ==
        R"({"id":"gen-1-abc","object":"text_completion","created":1700000000,"model":"acme/m1","choices":)"
        R"([{"text":"b \"c\"","index":0,"logprobs":null,"finish_reason":"length"}],)"
        R"("usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"prompt_tokens_details":)"
        R"({"cached_tokens":0,"cache_write_tokens":0,"audio_tokens":0},"completion_tokens_details":)"
        R"({"reasoning_tokens":0,"audio_tokens":0}}})"
    );
    BOOST_TEST(answer.facts.complete);
}

BOOST_AUTO_TEST_CASE(openrouter_gets_its_members) {
    auto run = towards("groq");
    run.side = face::openrouter;
    const auto tree = parse_json(run.answer(plain, chat_answer).octets);
    BOOST_TEST_REQUIRE(tree.has_value());
    BOOST_TEST(tree->word("provider") == "Acme");
    BOOST_TEST(tree->word("choices.0.native_finish_reason") == "length");
    BOOST_TEST(tree->word("usage.cost") == "0.000011");
}

BOOST_AUTO_TEST_CASE(a_stream_is_chunks_of_text_and_ends_as_openais) {
    auto run = towards("groq");
    run.how = delivery::streamed;
    run.frames = framing::events;
    const auto answer = run.answer(R"({"model":"x","prompt":"p","stream":true})", chat_stream);
    const std::string head =
        R"(data: {"id":"gen-1-abc","object":"text_completion","created":1700000000,"model":"acme/m1","choices":[)";
    BOOST_TEST(
        answer.octets ==
        head + R"({"text":"b ","index":0,"logprobs":null,"finish_reason":null}]})" + "\n\n" + head +
            R"({"text":"c","index":0,"logprobs":null,"finish_reason":null}]})" + "\n\n" + head +
            R"({"text":"","index":0,"logprobs":null,"finish_reason":"stop"}]})" +
            "\n\ndata: [DONE]\n\n"
    );
    const auto counted = run.answer(
        R"({"model":"x","prompt":"p","stream":true,"stream_options":{"include_usage":true}})",
        chat_stream
    );
    BOOST_TEST(counted.octets.contains(R"("choices":[],"usage":{"prompt_tokens":3)"));
    BOOST_TEST(counted.octets.contains(R"("finish_reason":null}],"usage":null})"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
