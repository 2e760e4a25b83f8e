// The two ways through the waist as adapters take them: the request's edits, what was left out, and whether an answer is
// passed on or rewritten.
#include "adapters/canonical/translate.hpp"
#include "adapters/inspect.hpp"
#include "adapters/json/edit_list.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace spillway::testing {

namespace {

using namespace adapters;

constexpr std::string_view chat_stream =
    "data: {\"id\":\"u\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";

provider_row responses_row() {
    provider_row row;
    row.name = "r";
    row.display_name = "R";
    row.speaks = protocol::responses;
    return row;
}

struct translated {
    std::string body;
    std::string dropped;
    std::string refusal;
    std::string param;
    answer_wishes wishes{};
};

translated translate(std::string_view body, protocol dialect = protocol::chat) {
    const padded_text padded{body};
    question asked{operation::chat, face::openrouter, dialect};
    if (dialect == protocol::gemini || dialect == protocol::converse) asked.model = "x";
    const auto facts = inspect(asked, padded.view());
    BOOST_TEST_REQUIRE(facts.has_value());
    edit_list edits{facts->body()};
    auto row = responses_row();
    if (dialect != protocol::chat) row.speaks = protocol::chat;
    answer_wishes wishes;
    const auto left_out = canonical::translate_request(row, *facts, "m-1", edits, wishes);
    if (!left_out) return {{}, {}, left_out.error().message, left_out.error().param};
    return {edits.text(), left_out->joined(), {}, {}, std::move(wishes)};
}

// The body as the row of that name gets it from a client of its own protocol.
std::string adapted(std::string_view row, std::string_view body) {
    const padded_text padded{body};
    const auto dialect = find_row(row)->speaks;
    const auto facts = inspect({operation::chat, face::openrouter, dialect}, padded.view());
    BOOST_TEST_REQUIRE(facts.has_value());
    edit_list edits{facts->body()};
    BOOST_TEST(canonical::adapt_request(*find_row(row), *facts, "m-1", edits).has_value());
    return edits.text();
}

answer_context streamed_to(protocol dialect) {
    answer_context context;
    context.dialect = dialect;
    context.how = delivery::streamed;
    context.frames = framing::events;
    context.generation_id = "gen-1";
    context.model = "acme/m1";
    return context;
}

std::string run(const provider_row& row, const answer_context& context, std::string_view octets) {
    const auto translator = canonical::translate_answer(row, row.speaks, context, "Acme");
    BOOST_TEST_REQUIRE(static_cast<bool>(translator));
    std::string all;
    piece_list pieces;
    translator->feed(octets, pieces);
    all += pieces.joined();
    pieces.clear();
    translator->finish({}, ending::complete, pieces);
    all += pieces.joined();
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(waist_translation)

BOOST_AUTO_TEST_CASE(a_text_that_a_custom_tool_takes_comes_back_from_who_has_objects_only) {
    const auto asked = translate(
        R"({"model":"x","input":"hi","tools":[{"type":"custom","name":"patch"},{"type":"function","name":"f","parameters":{}}]})",
        protocol::responses
    );
    BOOST_TEST(asked.wishes.free_texts == "patch\n");
    provider_row row;
    row.speaks = protocol::messages;
    auto context = streamed_to(protocol::responses);
    context.free_texts = asked.wishes.free_texts;
    const auto call = [](std::string_view name, std::string_view first, std::string_view second) {
        return fmt::format(
            R"(data: {{"type":"content_block_start","index":0,"content_block":{{"type":"tool_use","id":"t","name":"{}","input":{{}}}}}})"
            "\n\n"
            R"(data: {{"type":"content_block_delta","index":0,"delta":{{"type":"input_json_delta","partial_json":"{}"}}}})"
            "\n\n"
            R"(data: {{"type":"content_block_delta","index":0,"delta":{{"type":"input_json_delta","partial_json":"{}"}}}})"
            "\n\n"
            R"(data: {{"type":"content_block_stop","index":0}})"
            "\n\n"
            R"(data: {{"type":"message_delta","delta":{{"stop_reason":"tool_use"}},"usage":{{"input_tokens":1,"output_tokens":1}}}})"
            "\n\n"
            R"(data: {{"type":"message_stop"}})"
            "\n\n",
            name,
            first,
            second
        );
    };
    const auto patch = run(row, context, call("patch", R"({\"inp)", R"(ut\":\"a\\n\\\"b\"})"));
    BOOST_TEST(patch.contains(R"("type":"custom_tool_call","status":"completed","input":"a\n\"b")")
    );
    const auto odd = run(row, context, call("patch", R"({\"x\")", ":1}"));
    BOOST_TEST(odd.contains(R"("input":"{\"x\":1}")"));
    const auto other = run(row, context, call("f", R"({\"input\")", R"(:\"a\"})"));
    BOOST_TEST(other.contains(
        R"("type":"function_call","status":"completed","arguments":"{\"input\":\"a\"}")"
    ));
}

// A recorded stream of Cerebras does so.
BOOST_AUTO_TEST_CASE(arguments_laid_out_over_lines_do_not_cut_a_frame) {
    provider_row row;
    row.speaks = protocol::chat;
    constexpr std::string_view stream =
        R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{\n \"a\\n\":\r\n1}"}}]}}]})"
        "\n\n"
        R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})"
        "\n\ndata: [DONE]\n\n";
    BOOST_TEST(run(row, streamed_to(protocol::gemini), stream).contains(R"("args":{  "a\n":  1}})")
    );
    BOOST_TEST(
        run(row, streamed_to(protocol::ollama), stream).contains(R"("arguments":{  "a\n":  1}})")
    );
}

BOOST_AUTO_TEST_CASE(thoughts_are_shown_to_who_asked_as_each_dialect_asks) {
    struct row {
        protocol dialect;
        const char* wish;
        thoughts wanted;
    };
    constexpr auto claude = protocol::messages;
    for (const row& one : std::initializer_list<row>{
             {protocol::chat, "", thoughts::shown},
             {protocol::chat, R"("reasoning":{"exclude":true},)", thoughts::hidden},
             {protocol::chat, R"("include_reasoning":false,)", thoughts::hidden},
             {protocol::chat, R"("reasoning":{"effort":"none"},)", thoughts::hidden},
             {claude, "", thoughts::hidden},
             {claude, R"("thinking":{"type":"enabled","budget_tokens":1024},)", thoughts::shown},
             {claude, R"("thinking":{"type":"adaptive"},)", thoughts::shown},
             {claude,
              R"("thinking":{"type":"adaptive","display":"omitted"},)",
              thoughts::signed_only},
             {claude, R"("output_config":{"effort":"low"},)", thoughts::hidden},
             {claude, R"("thinking":{"type":"disabled"},)", thoughts::hidden}}) {
        const auto got = translate(
            "{\"model\":\"x\",\"max_tokens\":2000," + std::string{one.wish} +
                R"("messages":[{"role":"user","content":"hi"}]})",
            one.dialect
        );
        BOOST_TEST(got.refusal == "");
        BOOST_TEST((got.wishes.thoughts == one.wanted), one.wish);
    }
    const auto of_gemini = [](std::string_view config) {
        return translate(
                   R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{)" +
                       std::string{config} + "}}",
                   protocol::gemini
        )
            .wishes.thoughts;
    };
    BOOST_TEST((of_gemini("") == thoughts::hidden));
    BOOST_TEST((of_gemini(R"("thinkingConfig":{"thinkingBudget":99})") == thoughts::hidden));
    BOOST_TEST((of_gemini(R"("thinkingConfig":{"includeThoughts":true})") == thoughts::shown));
}

BOOST_AUTO_TEST_CASE(thoughts_nobody_asked_for_stay_but_signatures_of_calls_go) {
    provider_row row;
    row.speaks = protocol::gemini;
    constexpr std::string_view stream =
        R"(data: {"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}]})"
        "\n\n"
        R"(data: {"candidates":[{"content":{"parts":[{"text":"hi"},{"functionCall":{"name":"f","args":{}},)"
        R"("thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3}})"
        "\n\n";
    auto context = streamed_to(protocol::messages);
    BOOST_TEST(run(row, context, stream).contains("\"thinking\":\"hm\""));
    for (const auto quiet : {thoughts::hidden, thoughts::signed_only}) {
        context.thoughts = quiet;
        const auto got = run(row, context, stream);
        BOOST_TEST(!got.contains("hm"));
        BOOST_TEST(got.contains("redacted_thinking"));
        BOOST_TEST(got.contains("\"text\":\"hi\""));
        BOOST_TEST(got.contains("message_stop"));
    }
}

BOOST_AUTO_TEST_CASE(the_whole_body_is_one_edit_and_what_was_left_out_is_told) {
    const auto got = translate(
        R"({"model":"x","messages":[{"role":"user","content":"hi"}],"seed":7,"frobnicate":1,"provider":{"order":["r"]}})"
    );
    const auto body = parse_json(got.body);
    BOOST_TEST_REQUIRE(body.has_value());
    BOOST_TEST(body->word("model") == "m-1");
    BOOST_TEST(body->word("input.0.content.0.text") == "hi");
    BOOST_TEST(!body->find("provider"));
    BOOST_TEST(got.dropped == "seed, frobnicate");
}

BOOST_AUTO_TEST_CASE(who_requires_all_parameters_is_refused_where_one_is_lost) {
    const auto got = translate(
        R"({"messages":[{"role":"user","content":"hi"}],"seed":7,"provider":{"require_parameters":true}})"
    );
    BOOST_TEST(got.param == "provider");
    BOOST_TEST(got.refusal == "R does not support all parameters of the request: seed.");
}

BOOST_AUTO_TEST_CASE(a_request_in_the_providers_protocol_loses_only_what_the_gateway_reads) {
    constexpr std::string_view said =
        R"("max_tokens":9,"messages":[{"role":"user","content":"hi"}])";
    const auto braced = [](std::string_view members) {
        return "{" + std::string{members} + "}";
    };
    const std::string kept{said};
    BOOST_TEST(adapted("anthropic", braced(said)) == braced(said));
    BOOST_TEST(
        adapted("anthropic", braced(R"("model" : "x",)" + kept)) ==
        braced(R"("model" : "m-1",)" + kept)
    );
    BOOST_TEST(
        adapted("anthropic", braced(R"("models":["y"],"provider":{"only":["a"]},)" + kept)) ==
        braced(said)
    );
    BOOST_TEST(
        adapted("anthropic", braced(kept + R"(, "models":["y"] , "provider":{} )")) ==
        braced(kept + "  ")
    );
    BOOST_TEST(
        adapted(
            "anthropic", braced(R"( "route":"fallback" , "model":"x", "models":["y"],)" + kept)
        ) == braced(R"(  "model":"m-1",)" + kept)
    );
}

BOOST_AUTO_TEST_CASE(a_hosted_model_is_named_by_the_path_and_its_version_by_the_body) {
    constexpr std::string_view said =
        R"({"model":"x","stream":true,"provider":{},"messages":[{"role":"user","content":"hi"}],"max_tokens":9})";
    BOOST_TEST(
        adapted("google-vertex-claude", said) ==
        R"({"anthropic_version":"vertex-2023-10-16","stream":true,"messages":[{"role":"user","content":"hi"}],"max_tokens":9})"
    );
    BOOST_TEST(
        adapted("amazon-bedrock-claude", said) ==
        R"({"anthropic_version":"bedrock-2023-05-31","messages":[{"role":"user","content":"hi"}],"max_tokens":9})"
    );
}

BOOST_AUTO_TEST_CASE(a_request_the_provider_cannot_be_asked_is_a_problem) {
    BOOST_TEST(translate(R"({"messages":[{"role":"user","content":"hi"}],"n":2})").param == "n");
    BOOST_TEST(
        translate(R"({"messages":[{"role":"tool","content":"x"}]})").param ==
        "messages[0].tool_call_id"
    );
}

BOOST_AUTO_TEST_CASE(an_answer_in_the_clients_protocol_passes_octet_for_octet) {
    const provider_row& custom = *find_row("custom");
    BOOST_TEST(run(custom, streamed_to(protocol::chat), chat_stream) == chat_stream);
}

BOOST_AUTO_TEST_CASE(an_answer_in_another_protocol_is_rewritten) {
    const auto got = run(*find_row("custom"), streamed_to(protocol::responses), chat_stream);
    BOOST_TEST(got.starts_with("event: response.created\n"));
    BOOST_TEST(got.find("\"delta\":\"hi\"") != std::string::npos);
    BOOST_TEST(got.find("event: response.completed\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_leaves_before_the_first_content) {
    const auto context = streamed_to(protocol::responses);
    const auto translator =
        canonical::translate_answer(*find_row("custom"), protocol::chat, context, "Acme");
    piece_list pieces;
    translator->feed(
        "data: "
        "{\"id\":\"u\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":"
        "\"\"}}]}\n\n",
        pieces
    );
    BOOST_TEST(pieces.empty());
    translator->feed("data: {\"error\":{\"message\":\"no\",\"code\":503}}\n\n", pieces);
    BOOST_TEST(pieces.empty());
    BOOST_TEST(translator->failure() != nullptr);
    BOOST_TEST(!translator->facts().content_started);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
