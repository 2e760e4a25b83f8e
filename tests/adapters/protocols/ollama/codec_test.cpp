#include "adapters/protocols/ollama/codec.hpp"
#include "tests/adapters/support/event_log.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>
#include <string>
#include <string_view>

namespace {

using namespace spillway::adapters;
using namespace spillway::testing;
namespace fs = std::filesystem;

waist_request::made to_ollama(std::string_view body, std::string_view model = "qwen3:8b") {
    const waist_request run{
        .provider = "ollama-native",
        .from = protocol::chat,
        .to = protocol::ollama,
        .model = model};
    return run.over(body);
}
waist_request::made to_chat(std::string_view body) {
    const waist_request run{
        .provider = "openrouter", .from = protocol::ollama, .to = protocol::chat};
    return run.over(body);
}

json_tree tree_of(const waist_request::made& one) {
    auto tree = parse_json(one.body);
    BOOST_REQUIRE_MESSAGE(tree.has_value(), one.body << one.refusal);
    return *tree;
}
std::string dump(const json_tree& tree, std::string_view path) {
    const auto* found = tree.at(path);
    return found == nullptr ? "-" : found->dump();
}

const std::string stream =
    R"({"model":"qwen3","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}
{"model":"qwen3","created_at":"2026-01-01T00:00:01Z","message":{"role":"assistant","content":"Grüß"},"done":false}
{"model":"qwen3","created_at":"2026-01-01T00:00:01Z","message":{"role":"assistant","content":""},"done":false}
{"model":"qwen3","created_at":"2026-01-01T00:00:02Z","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":"\"x\""}}},{"id":"i2","function":{"name":"g"}}]},"done":false}
{"model":"qwen3","created_at":"2026-01-01T00:00:03Z","message":{"role":"assistant","content":""},"done_reason":"stop","done":true,"prompt_eval_count":7,"eval_count":9}
)";

heard streamed(std::string_view octets) {
    return decoded_three_ways(protocol::ollama, framing::lines, octets);
}

result<> generate(std::string_view body, canonical::request& into) {
    const padded_text text{body};
    request_facts facts;
    facts.what = operation::completions;
    facts.dialect = protocol::ollama;
    return ollama::decode_request(text.view(), facts, into);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ollama_codec)

BOOST_AUTO_TEST_CASE(a_chat_request_becomes_options_and_arguments_become_objects) {
    const auto made = to_ollama(R"({"model":"m","messages":[{"role":"system","content":"s"},
{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo"}}]},
{"role":"assistant","reasoning":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},
{"role":"tool","tool_call_id":"c1","content":"ok"}],"stream":true,"max_tokens":9,"temperature":0.1,
"repetition_penalty":1.1,"stop":["a","b"],"seed":3,"logit_bias":{"1":2},"tool_choice":"required",
"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"array"}}}})");
    const auto tree = tree_of(made);
    BOOST_TEST(tree.word("model") == "qwen3:8b");
    BOOST_TEST(tree.word("stream") == "true");
    BOOST_TEST(dump(tree, "messages.1.images") == R"(["iVBORw0KGgo"])");
    BOOST_TEST(tree.word("messages.2.thinking") == "hm");
    BOOST_TEST(dump(tree, "messages.2.tool_calls.0.function.arguments") == R"({"a":1})");
    BOOST_TEST(
        dump(tree, "messages.3") ==
        R"({"role":"tool","content":"ok","tool_name":"f","tool_call_id":"c1"})"
    );
    BOOST_TEST(
        dump(tree, "options") ==
        R"({"num_predict":9,"temperature":0.1,"seed":3,"repeat_penalty":1.1,"stop":["a","b"]})"
    );
    BOOST_TEST(dump(tree, "format") == R"({"type":"array"})");
    BOOST_TEST(made.dropped == "tool_choice, logit_bias");
}

BOOST_AUTO_TEST_CASE(thinking_is_a_switch_or_for_gpt_oss_a_level) {
    const auto think = [](std::string_view wish, std::string_view model) {
        const auto body = std::string{R"({"model":"m","messages":[{"role":"user","content":"x"}],)"}
                              .append(wish)
                              .append("}");
        return dump(tree_of(to_ollama(body, model)), "think");
    };
    BOOST_TEST(think(R"("reasoning":{"effort":"high"})", "qwen3") == "true");
    BOOST_TEST(think(R"("reasoning":{"effort":"none"})", "qwen3") == "false");
    BOOST_TEST(think(R"("reasoning":{"effort":"xhigh"})", "gpt-oss:20b") == "\"high\"");
    BOOST_TEST(think(R"("reasoning":{"effort":"none"})", "gpt-oss:20b") == "\"low\"");
    BOOST_TEST(think(R"("temperature":1)", "qwen3") == "-");
}

BOOST_AUTO_TEST_CASE(trap_55_addresses_of_images_are_refused_and_a_choice_of_none_offers_nothing) {
    BOOST_TEST(
        to_ollama(
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a/b.png"}}]}]})"
        )
            .param == "messages"
    );
    const auto none = to_ollama(
        R"({"model":"m","messages":[{"role":"user","content":"x"}],"tool_choice":"none","tools":[{"type":"function","function":{"name":"f"}}]})"
    );
    BOOST_TEST(none.body.find("tools") == std::string::npos);
    BOOST_TEST(
        to_ollama(R"({"model":"m","messages":[{"role":"user","content":"x"}],"n":2})").param == "n"
    );
}

BOOST_AUTO_TEST_CASE(a_request_of_an_ollama_client_becomes_a_chat) {
    const auto made =
        to_chat(R"({"model":"m","messages":[{"role":"user","content":"x","images":["iVBORw0KGgo"]},
{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},
{"role":"tool","tool_name":"f","content":"ok"}],"format":"json","think":"low","keep_alive":"5m",
"options":{"num_predict":5,"temperature":0.5,"stop":["z"],"num_ctx":4096,"mirostat":2}})");
    const auto tree = tree_of(made);
    BOOST_TEST(tree.word("stream") == "true");
    BOOST_TEST(
        tree.word("messages.0.content.1.image_url.url") == "data:image/png;base64,iVBORw0KGgo"
    );
    BOOST_TEST(tree.word("messages.1.tool_calls.0.id") == tree.word("messages.2.tool_call_id"));
    BOOST_TEST(tree.word("max_tokens") == "5");
    BOOST_TEST(tree.word("response_format.type") == "json_object");
    BOOST_TEST(tree.word("reasoning.effort") == "low");
    BOOST_TEST(made.dropped == "mirostat");
    BOOST_TEST(
        to_chat(R"({"messages":[{"role":"user","content":5}]})").param == "messages[0].content"
    );
    BOOST_TEST(
        to_chat(R"({"messages":[],"options":{"temperature":"x"}})").param == "options.temperature"
    );
}

BOOST_AUTO_TEST_CASE(generate_is_a_chat_of_one_turn_and_says_what_it_cannot_be) {
    canonical::arena texts;
    canonical::request read{texts};
    BOOST_REQUIRE(
        generate(R"({"model":"m","prompt":"hi","system":"s","stream":false,"context":[]})", read)
            .has_value()
    );
    BOOST_TEST(read.messages.size() == 2U);
    BOOST_TEST(!read.stream);
    for (const std::string_view body :
         {R"({"prompt":"x","raw":true})",
          R"({"prompt":"x","context":[1]})",
          R"({"prompt":"x","suffix":"y"})",
          R"({"prompt":"x","template":"{{ .Prompt }}"})"}) {
        canonical::request refused{texts};
        const auto told = generate(body, refused);
        BOOST_REQUIRE(told.has_error());
        BOOST_TEST(told.error().status == 400);
        BOOST_TEST(body.find("\"" + told.error().param + "\"") != body.npos);
    }
}

BOOST_AUTO_TEST_CASE(a_stream_is_told_in_order_and_trap_20_calls_without_ids_get_some) {
    const auto log = streamed(stream);
    auto lines = log.lines;
    const auto minted = lines.find("call_");
    BOOST_REQUIRE(minted != std::string::npos);
    lines.replace(minted, 21, "ID");
    BOOST_TEST(
        lines == "start  qwen3\n"
                 "reasoning/0 hm\n"
                 "text/1 Grüß\n"
                 "tool_start 0 ID f\n"
                 "arguments 0 {\\\"a\\\":\\\"\\\\\\\"x\\\\\\\"\\\"}\n"
                 "tool_end 0\n"
                 "tool_start 1 i2 g\n"
                 "arguments 1 {}\n"
                 "tool_end 1\n"
                 "finish tool_calls stop \n"
                 "usage 7+9=16 read 0 written 0 reasoning 0\n"
                 "end\n"
    );
}

BOOST_AUTO_TEST_CASE(trap_5_tokens_that_nobody_counted_are_estimated_not_zero) {
    const std::string_view cached =
        R"({"model":"m","message":{"role":"assistant","content":"a"},"done":true,"done_reason":"stop","eval_count":3}
)";
    BOOST_TEST(!streamed(cached).tokens.present);
    const waist_run run{
        .provider = "ollama-native", .from = protocol::ollama, .frames = framing::lines};
    const auto seen = run.over(cached);
    BOOST_TEST(!seen.facts.tokens.present);
    BOOST_TEST(seen.octets.find("\"prompt_tokens\":10,") != std::string::npos, seen.octets);
    BOOST_TEST(seen.facts.complete);
}

BOOST_AUTO_TEST_CASE(trap_44_and_45_an_error_line_fails_and_a_stream_that_is_not_done_never_ends) {
    const auto half = stream.substr(0, stream.find('\n') + 1);
    const auto log = streamed(half + "{\"error\":\"the runner died\"}\n");
    BOOST_REQUIRE(log.failed.has_value());
    BOOST_TEST(log.failed->message == "the runner died");
    BOOST_TEST(!streamed(half).has_ended);
    BOOST_TEST(decoded(protocol::ollama, framing::none, {half}).failed.has_value());
}

BOOST_AUTO_TEST_CASE(a_stream_to_an_ollama_client_is_lines_and_the_last_says_done) {
    const waist_run run{
        .provider = "ollama-native",
        .from = protocol::ollama,
        .to = protocol::ollama,
        .frames = framing::lines,
        .side = face::openai};
    const auto seen = run.over_three_ways(stream);
    const std::string front = R"({"model":"acme/m1","created_at":"2023-11-14T22:13:20Z",)";
    const auto minted = seen.octets.substr(seen.octets.find("call_"), 21);
    BOOST_TEST(
        seen.octets ==
        front +
            R"("message":{"role":"assistant","content":"","thinking":"hm"},"done":false})"
            "\n" +
            front +
            R"("message":{"role":"assistant","content":"Grüß"},"done":false})"
            "\n" +
            front + R"("message":{"role":"assistant","content":"","tool_calls":[{"id":")" + minted +
            R"(","function":{"index":0,"name":"f","arguments":{"a":"\"x\""}}}]},"done":false})"
            "\n" +
            front +
            R"("message":{"role":"assistant","content":"","tool_calls":[{"id":"i2",)"
            R"("function":{"index":1,"name":"g","arguments":{}}}]},"done":false})"
            "\n" +
            front +
            R"("message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",)"
            R"("total_duration":0,"load_duration":0,"prompt_eval_count":7,"prompt_eval_duration":0,)"
            R"("eval_count":9,"eval_duration":0})"
            "\n"
    );
}

BOOST_AUTO_TEST_CASE(a_whole_answer_to_an_ollama_client_is_one_object) {
    const waist_run run{.to = protocol::ollama, .how = delivery::whole, .side = face::openai};
    const auto seen = run.over(
        R"({"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"hi","reasoning":"t"},"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})"
    );
    const auto tree = parse_json(seen.octets);
    BOOST_REQUIRE_MESSAGE(tree.has_value(), seen.octets);
    BOOST_TEST(dump(*tree, "message") == R"({"role":"assistant","content":"hi","thinking":"t"})");
    BOOST_TEST(tree->word("done_reason") == "length");
    BOOST_TEST(tree->word("eval_count") == "2");
}

BOOST_AUTO_TEST_CASE(errors_are_one_text_and_have_their_class) {
    using error_class = spillway::adapters::error_class;
    const auto told = [](std::uint16_t status, std::string_view body) {
        answer_head head;
        head.status = status;
        return ollama::explain(head, body, *find_row("ollama-native"), "Acme").what;
    };
    BOOST_TEST((told(404, R"({"error":"model 'x' not found"})") == error_class::not_found));
    BOOST_TEST((told(400, R"({"error":"x does not support tools"})") == error_class::bad_request));
    BOOST_TEST(
        (told(
             503, R"({"error":"server busy, please try again. maximum pending requests exceeded"})"
         ) == error_class::overload)
    );
    BOOST_TEST((told(429, R"({"error":{"message":"slow"}})") == error_class::rate));
    BOOST_TEST((told(500, R"({"error":"out of memory"})") == error_class::upstream_fault));
    const auto why = make_problem(error_class::rate, "slow \"down\"");
    BOOST_TEST(ollama::render_problem(why, face::openai) == R"({"error":"slow \"down\""})");
    BOOST_TEST(ollama::render_stream_problem(why, {}) == "{\"error\":\"slow \\\"down\\\"\"}\n");
}

BOOST_AUTO_TEST_CASE(every_recorded_answer_ends_and_the_broken_one_does_not) {
    const fs::path root{"../shared/recordings/ollama-native"};
    if (!fs::exists(root)) {
        std::cout << "ollama_codec: " << root << " is not there, nothing was read\n";
        return;
    }
    std::size_t ran = 0;
    for (const auto& file : fs::directory_iterator{root}) {
        const auto name = file.path().filename().string();
        const bool is_stream = name.ends_with(".ndjson");
        if (name.ends_with(".req.json") || name.starts_with("embed")) continue;
        if (!is_stream && !name.ends_with(".json")) continue;
        ++ran;
        const auto body = read_file(file.path());
        const auto log =
            is_stream ? streamed(body) : decoded(protocol::ollama, framing::none, {body});
        BOOST_TEST(log.has_ended == !name.starts_with("midstream"), file.path());
        BOOST_TEST(log.failed.has_value() == name.starts_with("midstream"), file.path());
        BOOST_TEST(log.tokens.total == log.tokens.prompt + log.tokens.completion, file.path());
    }
    std::cout << "ollama_codec: " << ran << " recorded answers read\n";
}

BOOST_AUTO_TEST_SUITE_END()
