#include "adapters/inspect.hpp"
#include "adapters/registry.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace spillway::adapters {

namespace {

namespace fs = std::filesystem;
namespace data = boost::unit_test::data;

struct prepared {
    std::string body;
    std::string dropped;
};

prepared prepare(
    std::string_view provider,
    std::string_view body,
    std::string_view model,
    operation what = operation::chat,
    face side = face::openrouter
) {
    account_settings settings;
    settings.base_url = "https://host.test/v1";
    auto adapter = make_adapter(*find_row(provider), settings);
    BOOST_REQUIRE(adapter.has_value());
    padded_text text{body};
    auto facts = inspect({what, side}, text.view());
    BOOST_REQUIRE_MESSAGE(facts.has_value(), body);
    edit_list edits{facts->body()};
    answer_wishes wishes;
    auto dropped = (*adapter)->prepare(*facts, model, edits, wishes);
    if (!dropped) return {"refused: " + dropped.error().message, {}};
    piece_list pieces;
    edits.pieces(pieces);
    BOOST_TEST(pieces.joined() == edits.text());
    BOOST_TEST(pieces.octets() == edits.size());
    return {edits.text(), dropped->joined()};
}

struct row_case {
    std::string_view provider;
    std::string_view model;
    std::string_view more;      // members behind model and messages
    std::string_view expected;  // the same upstream
    std::string_view dropped;
    friend std::ostream& operator<<(std::ostream& out, const row_case& one) {
        return out << one.provider << " " << one.more;
    }
};

constexpr row_case cases[] = {
    // every row: OpenRouter's words for the gateway stay here
    {"openai",
     "m",
     R"(,"provider":{},"models":["a/b"],"route":"fallback","seed":1)",
     R"(,"seed":1)",
     ""},
    {"openai",
     "m",
     R"(,"plugins":[],"usage":{"include":true},"trace":{},"session_id":"x")",
     "",
     ""},
    {"openrouter",
     "m",
     R"(,"provider":{},"models":["a/b"],"plugins":[])",
     R"(,"provider":{},"plugins":[])",
     ""},
    // usage is asked for once, in any spelling of not asking
    {"openai",
     "m",
     R"(,"stream":true,"stream_options":{"include_usage":false})",
     R"(,"stream":true,"stream_options":{"include_usage":true})",
     ""},
    {"openai",
     "m",
     R"(,"stream":true,"stream_options":{"include_obfuscation":false})",
     R"(,"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false})",
     ""},
    {"openai",
     "m",
     R"(,"stream":true,"stream_options":null)",
     R"(,"stream":true,"stream_options":{"include_usage":true})",
     ""},
    {"openai",
     "m",
     R"(,"stream":true,"stream_options":{"include_usage":true})",
     R"(,"stream":true,"stream_options":{"include_usage":true})",
     ""},
    {"openai",
     "m",
     R"(,"stream":false,"stream_options":{"include_usage":true})",
     R"(,"stream":false)",
     ""},
    {"mistral", "m", R"(,"stream":true)", R"(,"stream":true)", ""},
    {"together", "m", R"(,"stream":true)", R"(,"stream":true)", ""},
    {"deepseek", "m", R"(,"stream":true)", R"(,"stream":true)", ""},
    {"perplexity", "m", R"(,"stream":true)", R"(,"stream":true)", ""},
    {"openrouter", "m", R"(,"stream":true)", R"(,"stream":true)", ""},
    // renames
    {"openai", "o3-mini", R"(,"max_tokens":5)", R"(,"max_completion_tokens":5)", ""},
    {"openai", "gpt-4o", R"(,"max_tokens":5)", R"(,"max_tokens":5)", ""},
    {"azure", "gpt-5-mini", R"(,"max_tokens":5)", R"(,"max_completion_tokens":5)", ""},
    {"openai",
     "o3",
     R"(,"max_tokens":5,"max_completion_tokens":6)",
     R"(,"max_completion_tokens":6)",
     "max_tokens"},
    {"mistral",
     "m",
     R"(,"seed":7,"max_completion_tokens":8)",
     R"(,"random_seed":7,"max_tokens":8)",
     ""},
    {"mistral", "m", R"(,"tool_choice":"required")", R"(,"tool_choice":"any")", ""},
    {"mistral", "m", R"(,"tool_choice":"auto")", R"(,"tool_choice":"auto")", ""},
    {"cerebras", "m", R"(,"max_tokens":5)", R"(,"max_completion_tokens":5)", ""},
    {"openai", "o3", R"(,"reasoning":{"effort":"high"})", R"(,"reasoning_effort":"high")", ""},
    {"together", "m", R"(,"reasoning":{"enabled":true})", R"(,"reasoning":{"enabled":true})", ""},
    // refused by the provider, so left out and reported
    {"openai", "o3", R"(,"reasoning":{"max_tokens":9})", "", "reasoning"},
    {"openai", "m", R"(,"top_k":4,"min_p":0.1,"top_p":0.5)", R"(,"top_p":0.5)", "top_k, min_p"},
    {"groq",
     "m",
     R"(,"logprobs":true,"seed":1,"logit_bias":{})",
     R"(,"seed":1)",
     "logprobs, logit_bias"},
    {"groq", "m", R"(,"logprobs":null)", R"(,"logprobs":null)", ""},
    {"mistral", "m", R"(,"user":"u","logprobs":true)", "", "user, logprobs"},
    {"cerebras",
     "m",
     R"(,"frequency_penalty":1,"service_tier":"auto","stop":"x")",
     R"(,"stop":"x")",
     "frequency_penalty, service_tier"},
    {"perplexity", "m", R"(,"seed":1,"stop":"x")", R"(,"stop":"x")", "seed"},
    {"xai", "grok-4-fast", R"(,"stop":"x","presence_penalty":1)", "", "stop, presence_penalty"},
    {"xai", "grok-3", R"(,"stop":"x")", R"(,"stop":"x")", ""},
    {"fireworks",
     "accounts/x/models/m",
     R"(,"tools":[{}],"response_format":{"type":"text"})",
     R"(,"tools":[{}])",
     ""},
    {"fireworks",
     "accounts/x/models/m",
     R"(,"response_format":{"type":"text"})",
     R"(,"response_format":{"type":"text"})",
     ""},
    {"sambanova",
     "m",
     R"(,"max_completion_tokens":8,"seed":1,"stop":"x")",
     R"(,"max_tokens":8,"stop":"x")",
     "seed"},
    {"ai21", "m", R"(,"stream":true,"logprobs":true,"n":2)", R"(,"stream":true,"n":2)", "logprobs"},
    {"alibaba", "m", R"(,"frequency_penalty":1,"n":2)", R"(,"n":2)", "frequency_penalty"},
    {"snowflake", "m", R"(,"max_tokens":5)", R"(,"max_completion_tokens":5)", ""},
    {"snowflake", "m", R"(,"reasoning":{"enabled":true})", R"(,"reasoning":{"enabled":true})", ""},
    {"vercel", "m", R"(,"reasoning":{"max_tokens":9})", R"(,"reasoning":{"max_tokens":9})", ""},
    {"nvidia", "google/gemma-3", R"(,"logit_bias":{},"seed":1)", R"(,"seed":1)", "logit_bias"},
    {"nvidia", "meta/llama", R"(,"logit_bias":{},"user":"u")", R"(,"logit_bias":{})", "user"},
    {"databricks", "m", R"(,"stream":true)", R"(,"stream":true)", ""},
    // a number that is refused becomes the nearest that is not
    {"z-ai", "m", R"(,"temperature":0)", R"(,"temperature":0.01)", ""},
    {"z-ai", "m", R"(,"temperature":1.50)", R"(,"temperature":1)", ""},
    {"z-ai", "m", R"(,"temperature":0.70)", R"(,"temperature":0.70)", ""},
    {"z-ai", "m", R"(,"temperature":"warm")", R"(,"temperature":"warm")", ""},
    {"minimax", "m", R"(,"temperature":2e0)", R"(,"temperature":1)", ""},
    {"moonshotai", "kimi-k3", R"(,"temperature":1.2)", R"(,"temperature":1)", ""},
    {"moonshotai", "kimi-k3", R"(,"temperature":0,"seed":4)", R"(,"temperature":0)", "seed"},
    {"moonshotai", "kimi-k2-thinking", R"(,"temperature":0.2)", "", "temperature"},
    // where a call cannot be forced, the model has its choice and the client is told
    {"deepinfra", "m", R"(,"tool_choice":"required")", "", "tool_choice"},
    {"deepinfra", "m", R"(,"tool_choice":"none")", R"(,"tool_choice":"none")", ""},
    {"z-ai",
     "m",
     R"(,"tool_choice":{"type":"function","function":{"name":"f"}})",
     "",
     "tool_choice"},
    {"z-ai", "m", R"(,"tool_choice":"auto")", R"(,"tool_choice":"auto")", ""},
    {"moonshotai", "kimi-k2-turbo", R"(,"tool_choice":"required")", "", "tool_choice"},
    {"moonshotai", "kimi-k3", R"(,"tool_choice":"required")", R"(,"tool_choice":"required")", ""},
    // local servers take everything
    {"sglang", "m", R"(,"regex":"x","min_p":0.1)", R"(,"regex":"x","min_p":0.1)", ""},
    {"tgi", "m", R"(,"seed":9223372036854775807)", R"(,"seed":9223372036854775807)", ""},
    {"localai", "m", R"(,"top_k":4)", R"(,"top_k":4)", ""},
    {"mistralrs", "m", R"(,"top_k":4)", R"(,"top_k":4)", ""},
    {"vllm",
     "m",
     R"(,"top_k":4,"logprobs":true,"chat_template_kwargs":{})",
     R"(,"top_k":4,"logprobs":true,"chat_template_kwargs":{})",
     ""},
    {"llamacpp", "m", R"(,"top_k":4,"grammar":"x")", R"(,"top_k":4,"grammar":"x")", ""},
    {"lmstudio", "m", R"(,"ttl":4)", R"(,"ttl":4)", ""},
    {"ollama", "m", R"(,"reasoning":{"effort":"low"})", R"(,"reasoning":{"effort":"low"})", ""},
    {"custom", "m", R"(,"anything":[1e400,-0])", R"(,"anything":[1e400,-0])", ""},
};

std::string chat_body(std::string_view model, std::string_view more) {
    return R"({"model":")" + std::string{model} +
           R"(","messages":[{"role":"user","content":"hi"}])" + std::string{more} + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(preparing_chat)

BOOST_DATA_TEST_CASE(
    a_row_changes_what_its_provider_refuses_and_nothing_else, data::make(cases), one
) {
    auto got = prepare(one.provider, chat_body("x/y", one.more), one.model);
    BOOST_TEST(got.body == chat_body(one.model, one.expected));
    BOOST_TEST(got.dropped == one.dropped);
}

BOOST_AUTO_TEST_CASE(the_usage_question_is_added_in_front) {
    auto got = prepare("openai", R"({ "stream":true,"messages":[{}],"model":"a"})", "b");
    BOOST_TEST(
        got.body ==
        R"({"stream_options":{"include_usage":true}, "stream":true,"messages":[{}],"model":"b"})"
    );
}

BOOST_AUTO_TEST_CASE(a_model_that_was_not_named_is_added) {
    BOOST_TEST(
        prepare("openai", R"({"messages":[{}]})", "b").body == R"({"model":"b","messages":[{}]})"
    );
    auto got = prepare("openai", R"({"models":["a/b"],"messages":[{}]})", "b");
    BOOST_TEST(got.body == R"({"model":"b","messages":[{}]})");
}

BOOST_AUTO_TEST_CASE(members_are_removed_with_exactly_one_comma_wherever_they_stand) {
    const std::string_view all[] = {
        R"("route":"fallback")",
        R"("model":"a")",
        R"("plugins":[])",
        R"("messages":[{}])",
        R"("usage":{})",
        R"("trace":{})"};
    // every order that begins at another member
    for (std::size_t start = 0; start < std::size(all); ++start) {
        for (std::string_view comma : {",", " , ", ",\n"}) {
            std::string body{"{ "};
            for (std::size_t i = 0; i < std::size(all); ++i) {
                if (i > 0) body += comma;
                body += all[(start + i) % std::size(all)];
            }
            auto got = prepare("openai", body + " }", "b").body;
            auto tree = testing::parse_json(got);
            BOOST_REQUIRE_MESSAGE(tree.has_value(), got);
            BOOST_TEST(tree->members.size() == 2u, got);
            BOOST_TEST(tree->word("model") == "b");
        }
    }
}

BOOST_AUTO_TEST_CASE(plain_openai_requests_keep_parameters_openai_may_learn) {
    auto body = chat_body("x/y", R"(,"top_k":4,"min_p":0.1)");
    auto got = prepare("openai", body, "x/y", operation::chat, face::openai);
    BOOST_TEST(got.body == body);
}

BOOST_AUTO_TEST_CASE(require_parameters_turns_a_drop_into_a_refusal) {
    auto got = prepare(
        "groq", chat_body("x", R"(,"provider":{"require_parameters":true},"logprobs":true)"), "m"
    );
    BOOST_TEST(got.body == "refused: Groq does not support logprobs.");
}

BOOST_AUTO_TEST_CASE(usage_is_asked_for_wherever_it_does_not_come_unasked) {
    for (const auto& row : rows()) {
        if (row.speaks != protocol::chat) continue;
        const auto got = prepare(row.name, chat_body("x/y", R"(,"stream":true)"), "m");
        const bool asks = got.body.find(R"("include_usage":true)") != std::string::npos;
        BOOST_TEST(asks == (row.usage == stream_usage::ask), row.name);
    }
}

BOOST_AUTO_TEST_CASE(server_tools_are_refused_by_providers_that_cannot_run_them) {
    auto body = chat_body("x", R"(,"tools":[{"type":"openrouter:web_search"}])");
    BOOST_TEST(prepare("openai", body, "m").body.starts_with("refused: OpenAI"));
    BOOST_TEST(!prepare("openrouter", body, "m").body.starts_with("refused"));
}

BOOST_AUTO_TEST_CASE(fireworks_models_get_their_long_name) {
    BOOST_TEST(
        prepare("fireworks", chat_body("x", ""), "llama").body ==
        chat_body("accounts/fireworks/models/llama", "")
    );
}

BOOST_AUTO_TEST_CASE(embeddings_are_never_asked_for_stream_usage) {
    auto body = R"({"model":"a","input":"x"})";
    BOOST_TEST(prepare("openai", body, "a", operation::embeddings).body == body);
}

BOOST_AUTO_TEST_CASE(the_shared_rewrite_corpus_comes_out_token_by_token) {
    const fs::path folder{"../shared/corpora/json"};
    if (!fs::exists(folder / "index.tsv")) {
        BOOST_TEST_MESSAGE("skipped: " << folder << " is not here");
        return;
    }
    int count = 0;
    for (auto& row : testing::read_table(folder / "index.tsv")) {
        if (row["kind"] != "rewrite") continue;
        auto got = prepare(
            "custom",
            testing::read_file(folder / row["file"]),
            "echo-1",
            operation::chat,
            face::openai
        );
        auto want = testing::read_file(folder / row["want"]);
        // The name itself may keep its escapes.
        if (row["file"] == "rw__model-name-escaped.json") {
            BOOST_TEST(got.body.find("\"echo-1\"") != got.body.npos);
        } else {
            BOOST_TEST(testing::minified(got.body) == testing::minified(want), row["file"]);
        }
        ++count;
    }
    BOOST_TEST_MESSAGE("rewrite corpus: " << count << " cases");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::adapters
