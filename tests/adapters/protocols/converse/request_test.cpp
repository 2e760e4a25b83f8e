// Requests of Converse on both sides of the waist.
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;

constexpr std::string_view old_claude = "anthropic.claude-3-5-sonnet-20240620-v1:0";
constexpr std::string_view thinker = "us.anthropic.claude-3-7-sonnet-20250219-v1:0";
constexpr std::string_view sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
constexpr std::string_view newest = "anthropic.claude-opus-4-8";
constexpr std::string_view nova = "us.amazon.nova-2-lite-v1:0";
constexpr std::string_view llama = "meta.llama3-1-8b-instruct-v1:0";
constexpr std::string_view mistral = "mistral.mistral-large-2402-v1:0";
constexpr std::string_view hi = R"([{"role":"user","content":"hi"}])";
constexpr std::string_view tools =
    R"(,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":)"
    R"({"type":"object","properties":{"x":{"type":"integer"}}}}}])";

json_tree tree(std::string_view text) {
    auto read = parse_json(text);
    BOOST_TEST_REQUIRE(read.has_value(), "no JSON: " << text);
    return *read;
}

std::string chat(std::string_view messages, std::string_view more = {}) {
    return std::string{R"({"model":"x","messages":)"}.append(messages).append(more).append("}");
}

waist_request::made made(std::string_view model, std::string_view body) {
    const waist_request run{
        .provider = "amazon-bedrock",
        .from = protocol::chat,
        .to = protocol::converse,
        .model = model};
    return run.over(body);
}

json_tree sent(std::string_view model, std::string_view body) {
    const auto out = made(model, body);
    BOOST_TEST(out.refusal == "");
    return tree(out.body);
}

std::string part(const json_tree& of, std::string_view path) {
    const json_tree* found = of.at(path);
    return found == nullptr ? "absent" : found->dump();
}

// A Converse client's request as a Chat Completions provider gets it.
waist_request::made read(std::string_view body) {
    const waist_request run{
        .provider = "openrouter", .from = protocol::converse, .to = protocol::chat};
    return run.over(body);
}

json_tree read_tree(std::string_view body) {
    const auto out = read(body);
    BOOST_TEST(out.refusal == "");
    return tree(out.body);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(converse_encode_request)

BOOST_AUTO_TEST_CASE(a_plain_request_has_no_model_and_no_stream) {
    BOOST_TEST(
        made(
            llama,
            chat(
                R"([{"role":"system","content":"be\u0020brief"},{"role":"user","content":"hi"}])",
                R"(,"stream":true,"max_tokens":7,"temperature":1.5,"top_p":0.90,"stop":["a"," ","b"])"
            )
        )
            .body ==
        R"({"system":[{"text":"be\u0020brief"}],"messages":[{"role":"user","content":[{"text":"hi"}]}],)"
        R"("inferenceConfig":{"maxTokens":7,"temperature":1,"topP":0.90,"stopSequences":["a","b"]}})"
    );
}

BOOST_AUTO_TEST_CASE(turns_alternate_and_begin_with_the_users) {
    const auto got = sent(
        llama,
        chat(R"([{"role":"assistant","content":"a"},{"role":"user","content":"b"},)"
             R"({"role":"user","content":"c"},{"role":"assistant","content":" \n"},)"
             R"({"role":"system","content":"late"},{"role":"assistant","content":"d \n"}])")
    );
    BOOST_TEST(
        part(got, "messages") ==
        R"([{"role":"user","content":[{"text":"."}]},{"role":"assistant","content":[{"text":"a"}]},)"
        R"({"role":"user","content":[{"text":"b"},{"text":"c"},{"text":"late"}]},)"
        R"({"role":"assistant","content":[{"text":"d"}]}])"
    );
}

BOOST_AUTO_TEST_CASE(blank_texts_are_not_sent) {  // trap 54
    const auto got = sent(
        llama,
        chat(R"([{"role":"user","content":[{"type":"text","text":""},)"
             R"({"type":"text","text":"x"}]}])")
    );
    BOOST_TEST(part(got, "messages.0.content") == R"([{"text":"x"}])");
    const auto empty = sent(llama, chat(R"([{"role":"user","content":" "}])"));
    BOOST_TEST(part(empty, "messages.0.content") == R"([{"text":"."}])");
}

BOOST_AUTO_TEST_CASE(calls_are_answered_directly_behind_them_in_one_turn) {  // traps 22, 26, 27
    const auto got = sent(
        sonnet,
        chat(
            R"([{"role":"user","content":"go"},{"role":"assistant","content":"","tool_calls":[)"
            R"({"id":"a.1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},)"
            R"({"id":"b","type":"function","function":{"name":"g","arguments":""}},)"
            R"({"id":"c","type":"function","function":{"name":"g","arguments":"oops"}}]},)"
            R"({"role":"user","content":"and?"},{"role":"tool","tool_call_id":"a.1","content":"one"},)"
            R"({"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"[1]"}]},)"
            R"({"role":"tool","tool_call_id":"zz","content":"stray"}])",
            tools
        )
    );
    const std::string id = got.word("messages.1.content.0.toolUse.toolUseId");
    BOOST_TEST(id.starts_with("a_1_"));
    BOOST_TEST(
        part(got, "messages.1.content") ==
        R"([{"toolUse":{"toolUseId":")" + id +
            R"(","name":"f","input":{"x":1}}},)"
            R"({"toolUse":{"toolUseId":"b","name":"g","input":{}}},)"
            R"({"toolUse":{"toolUseId":"c","name":"g","input":{"_raw":"oops"}}}])"
    );
    BOOST_TEST(
        part(got, "messages.2.content") ==
        R"([{"toolResult":{"toolUseId":")" + id +
            R"(","content":[{"text":"one"}]}},)"
            R"({"toolResult":{"toolUseId":"b","content":[{"text":"[1]"}]}},)"
            R"({"toolResult":{"toolUseId":"c","content":[{"text":"No result was recorded for this call."}],"status":"error"}},)"
            R"({"text":"stray"},{"text":"and?"}])"
    );
}

BOOST_AUTO_TEST_CASE(ids_fit_the_family) {  // trap 29
    const auto body = chat(
        R"([{"role":"assistant","tool_calls":[{"id":"call.1:x","type":"function","function":)"
        R"({"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call.1:x","content":"1"}])",
        tools
    );
    const auto of = [&body](std::string_view model) {
        const auto got = sent(model, body);
        const std::string id = got.word("messages.1.content.0.toolUse.toolUseId");
        BOOST_TEST(got.word("messages.2.content.0.toolResult.toolUseId") == id);
        return id;
    };
    BOOST_TEST(of(llama) == "call.1:x");
    BOOST_TEST(of(sonnet).starts_with("call_1_x_"));
    BOOST_TEST(of(mistral).size() == 9U);
}

BOOST_AUTO_TEST_CASE(the_history_declares_its_tools_when_the_request_has_none) {  // trap 28
    constexpr std::string_view history =
        R"([{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"c","type":"function",)"
        R"("function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"1"}])";
    const auto got = sent(sonnet, chat(history));
    BOOST_TEST(
        part(got, "toolConfig") ==
        R"({"tools":[{"toolSpec":{"name":"f","description":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]})"
    );
    BOOST_TEST(part(got, "system") == R"([{"text":"Answer without calling a tool."}])");
    const auto none = sent(sonnet, chat(history, std::string{tools} + R"(,"tool_choice":"none")"));
    BOOST_TEST(part(none, "system") == R"([{"text":"Answer without calling a tool."}])");
    BOOST_TEST(part(none, "toolConfig.toolChoice") == "absent");
    const auto fresh = sent(sonnet, chat(hi, std::string{tools} + R"(,"tool_choice":"none")"));
    BOOST_TEST(part(fresh, "toolConfig") == "absent");
    BOOST_TEST(part(fresh, "system") == "absent");
}

BOOST_AUTO_TEST_CASE(a_choice_goes_where_it_is_understood) {
    const auto choice = [](std::string_view model, std::string_view word) {
        const auto out =
            made(model, chat(hi, std::string{tools} + ",\"tool_choice\":" + std::string{word}));
        return part(tree(out.body), "toolConfig.toolChoice") + out.dropped;
    };
    BOOST_TEST(choice(sonnet, R"("auto")") == "absent");
    BOOST_TEST(choice(sonnet, R"("required")") == R"({"any":{}})");
    BOOST_TEST(
        choice(nova, R"({"type":"function","function":{"name":"f"}})") == R"({"tool":{"name":"f"}})"
    );
    BOOST_TEST(choice(llama, R"("required")") == "absenttool_choice");
    BOOST_TEST(choice("anthropic.claude-fable-5", R"("required")") == "absenttool_choice");
}

BOOST_AUTO_TEST_CASE(one_call_at_a_time_is_said_in_claudes_words) {  // trap 31
    const std::string more = std::string{tools} + R"(,"parallel_tool_calls":false)";
    BOOST_TEST(
        part(sent(sonnet, chat(hi, more)), "additionalModelRequestFields") ==
        R"({"tool_choice":{"type":"auto","disable_parallel_tool_use":true}})"
    );
    BOOST_TEST(made(nova, chat(hi, more)).dropped == "parallel_tool_calls");
}

BOOST_AUTO_TEST_CASE(a_schema_says_that_it_is_an_object) {  // trap 30
    const auto got = sent(
        llama,
        chat(
            hi,
            R"(,"tools":[{"type":"function","function":{"name":"a"}},)"
            R"({"type":"function","function":{"name":"b","parameters":{}}},)"
            R"({"type":"function","function":{"name":"c","parameters":{"properties":{"q":{}}}}}])"
        )
    );
    BOOST_TEST(
        part(got, "toolConfig.tools.0") ==
        R"({"toolSpec":{"name":"a","description":"a","inputSchema":{"json":{"type":"object","properties":{}}}}})"
    );
    BOOST_TEST(
        part(got, "toolConfig.tools.1.toolSpec.inputSchema.json") ==
        R"({"type":"object","properties":{}})"
    );
    BOOST_TEST(
        part(got, "toolConfig.tools.2.toolSpec.inputSchema.json") ==
        R"({"type":"object","properties":{"q":{}}})"
    );
}

BOOST_AUTO_TEST_CASE(claude_thinks_by_budget_and_then_samples_no_more) {  // traps 11, 12
    const auto out = made(
        thinker,
        chat(hi, R"(,"reasoning":{"effort":"high"},"max_tokens":10000,"temperature":0.3,"top_k":5)")
    );
    const auto got = tree(out.body);
    BOOST_TEST(
        part(got, "additionalModelRequestFields") ==
        R"({"thinking":{"type":"enabled","budget_tokens":8000}})"
    );
    BOOST_TEST(part(got, "inferenceConfig") == R"({"maxTokens":10000})");
    BOOST_TEST(out.dropped == "temperature, top_k");
    const auto given = sent(thinker, chat(hi, R"(,"reasoning":{"max_tokens":40000})"));
    BOOST_TEST(given.word("inferenceConfig.maxTokens") == "44096");
    BOOST_TEST(
        made(thinker, chat(hi, R"(,"reasoning":{"effort":"low"},"max_tokens":500)")).dropped ==
        "reasoning"
    );
    BOOST_TEST(
        made(
            thinker,
            chat(
                hi, std::string{tools} + R"(,"reasoning":{"effort":"low"},"tool_choice":"required")"
            )
        )
            .dropped == "reasoning"
    );
    BOOST_TEST(made(old_claude, chat(hi, R"(,"reasoning_effort":"low")")).dropped == "reasoning");
}

BOOST_AUTO_TEST_CASE(the_newest_decide_themselves_and_refuse_sampling) {
    const auto out =
        made(newest, chat(hi, R"(,"reasoning":{"effort":"xhigh"},"temperature":0.3,"top_p":0.5)"));
    BOOST_TEST(
        part(tree(out.body), "additionalModelRequestFields") ==
        R"({"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"xhigh"}})"
    );
    BOOST_TEST(out.dropped == "temperature, top_p");
    BOOST_TEST(
        part(
            sent(newest, chat(hi, R"(,"reasoning":{"effort":"none"})")),
            "additionalModelRequestFields"
        ) == R"({"thinking":{"type":"disabled"}})"
    );
}

BOOST_AUTO_TEST_CASE(of_temperature_and_top_p_the_middle_claudes_take_one) {
    const auto out = made(sonnet, chat(hi, R"(,"temperature":0.3,"top_p":0.5)"));
    BOOST_TEST(part(tree(out.body), "inferenceConfig") == R"({"temperature":0.3})");
    BOOST_TEST(out.dropped == "top_p");
    BOOST_TEST(
        part(sent(sonnet, chat(hi, R"(,"top_p":0.5)")), "inferenceConfig") == R"({"topP":0.5})"
    );
}

BOOST_AUTO_TEST_CASE(each_family_has_its_word_for_effort_and_top_k) {
    const auto fields = [](std::string_view model, std::string_view more) {
        return part(sent(model, chat(hi, more)), "additionalModelRequestFields");
    };
    BOOST_TEST(
        fields(nova, R"(,"reasoning_effort":"high","top_k":3)") ==
        R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}})"
    );
    BOOST_TEST(
        fields(nova, R"(,"reasoning_effort":"high","max_tokens":9,"top_k":3)") ==
        R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"},"inferenceConfig":{"topK":3}})"
    );
    BOOST_TEST(
        fields("openai.gpt-oss-120b-1:0", R"(,"reasoning_effort":"xhigh")") ==
        R"({"reasoning_effort":"high"})"
    );
    BOOST_TEST(fields("cohere.command-r-v1:0", R"(,"top_k":3,"seed":4)") == R"({"k":3,"seed":4})");
    BOOST_TEST(fields(mistral, R"(,"top_k":3)") == R"({"top_k":3})");
    const auto out = made(llama, chat(hi, R"(,"top_k":3,"seed":4,"reasoning_effort":"low")"));
    BOOST_TEST(out.dropped == "reasoning, top_k, seed");
}

BOOST_AUTO_TEST_CASE(thoughts_go_back_to_claude_in_front_and_as_they_were) {  // traps 8, 9, 10
    const auto body = chat(
        R"([{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_details":[)"
        R"({"type":"reasoning.text","text":"t","signature":"s+/=","format":"anthropic-claude-v1","index":0},)"
        R"({"type":"reasoning.text","text":"","signature":"e","format":"anthropic-claude-v1","index":1},)"
        R"({"type":"reasoning.encrypted","data":"d==","format":"anthropic-claude-v1","index":2}],)"
        R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
        R"({"role":"tool","tool_call_id":"c","content":"1"}])",
        tools
    );
    BOOST_TEST(
        part(sent(thinker, body), "messages.1.content") ==
        R"([{"reasoningContent":{"reasoningText":{"text":"t","signature":"s+/="}}},)"
        R"({"reasoningContent":{"reasoningText":{"text":"","signature":"e"}}},)"
        R"({"reasoningContent":{"redactedContent":"d=="}},{"text":"a"},)"
        R"({"toolUse":{"toolUseId":"c","name":"f","input":{}}}])"
    );
    BOOST_TEST(
        part(sent(nova, body), "messages.1.content") ==
        R"([{"text":"a"},{"toolUse":{"toolUseId":"c","name":"f","input":{}}}])"
    );
}

BOOST_AUTO_TEST_CASE(a_loop_without_its_thoughts_goes_on_without_thinking) {
    const auto out = made(
        thinker,
        chat(
            R"([{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"c","type":"function",)"
            R"("function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"1"}])",
            std::string{tools} + R"(,"reasoning":{"effort":"high"})"
        )
    );
    BOOST_TEST(part(tree(out.body), "additionalModelRequestFields") == "absent");
    BOOST_TEST(out.dropped == "reasoning");
}

BOOST_AUTO_TEST_CASE(cache_points_stand_behind_what_they_close_and_are_four) {  // traps 6, 42
    const auto body = chat(
        R"([{"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}]},)"
        R"({"role":"user","content":[{"type":"text","text":"1","cache_control":{"type":"ephemeral"}},)"
        R"({"type":"text","text":"2","cache_control":{"type":"ephemeral"}},)"
        R"({"type":"text","text":"3","cache_control":{"type":"ephemeral","ttl":"1h"}},)"
        R"({"type":"text","text":"4","cache_control":{"type":"ephemeral"}}]}])"
    );
    const auto got = sent(sonnet, body);
    BOOST_TEST(
        part(got, "system") == R"([{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}}])"
    );
    constexpr std::string_view mark = R"(,{"cachePoint":{"type":"default"}})";
    BOOST_TEST(
        part(got, "messages.0.content") == std::string{R"([{"text":"1"},{"text":"2"})"}
                                               .append(mark)
                                               .append(R"(,{"text":"3"})")
                                               .append(mark)
                                               .append(R"(,{"text":"4"})")
                                               .append(mark)
                                               .append("]")
    );
    const auto out = made(llama, body);
    BOOST_TEST(!out.body.contains("cachePoint"));
    BOOST_TEST(out.dropped == "cache_control");
}

BOOST_AUTO_TEST_CASE(media_are_labelled_by_what_they_are) {  // traps 55, 56
    const auto got = sent(
        sonnet,
        chat(
            R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image\/png;base64,\/9j\/4AAQ"}},)"
            R"({"type":"image_url","image_url":{"url":"s3://b/k.webp"}},)"
            R"({"type":"file","file":{"filename":"My_report.v2.pdf","file_data":"data:application/pdf;base64,JVBERi0x"}},)"
            R"({"type":"file","file":{"filename":"My_report.v2.pdf","file_data":"data:application/pdf;base64,JVBERi0y"}}]}])"
        )
    );
    BOOST_TEST(
        part(got, "messages.0.content") ==
        R"([{"image":{"format":"jpeg","source":{"bytes":"\/9j\/4AAQ"}}},)"
        R"({"image":{"format":"webp","source":{"s3Location":{"uri":"s3://b/k.webp"}}}},)"
        R"({"document":{"format":"pdf","name":"My report v2","source":{"bytes":"JVBERi0x"}}},)"
        R"x({"document":{"format":"pdf","name":"My report v2 (2)","source":{"bytes":"JVBERi0y"}}},)x"
        R"({"text":"."}])"
    );
    BOOST_TEST(
        made(
            sonnet,
            chat(
                R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://h/a.png"}}]}])"
            )
        )
            .param == "messages"
    );
}

BOOST_AUTO_TEST_CASE(a_form_is_asked_for_in_the_strictest_way_there_is) {  // trap 25
    constexpr std::string_view format =
        R"(,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":)"
        R"({"type":"object","properties":{"a":{}}}}})";
    BOOST_TEST(
        part(sent(sonnet, chat(hi, format)), "outputConfig") ==
        R"({"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":)"
        R"("{\"type\":\"object\",\"properties\":{\"a\":{}}}","name":"n"}}}})"
    );
    const auto forced = sent(nova, chat(hi, format));
    BOOST_TEST(
        part(forced, "toolConfig.toolChoice") == R"({"tool":{"name":"spillway_structured_answer"}})"
    );
    BOOST_TEST(
        part(forced, "toolConfig.tools.0.toolSpec.inputSchema.json") ==
        R"({"type":"object","properties":{"a":{}}})"
    );
    const auto beside = sent(nova, chat(hi, std::string{tools}.append(format)));
    BOOST_TEST(part(beside, "toolConfig.toolChoice") == R"({"any":{}})");
    const auto told = made(llama, chat(hi, format));
    BOOST_TEST(told.dropped == "response_format");
    BOOST_TEST(
        tree(told.body).word("system.1.text") == R"({"type":"object","properties":{"a":{}}})"
    );
    const auto object = made(llama, chat(hi, R"(,"response_format":{"type":"json_object"})"));
    BOOST_TEST(object.dropped == "");
    BOOST_TEST(tree(object.body).word("system.0.text").starts_with("Answer with one JSON object"));
}

BOOST_AUTO_TEST_CASE(a_family_without_a_system_prompt_hears_it_from_the_user) {
    const auto got = sent(
        "mistral.mistral-7b-instruct-v0:2",
        chat(R"([{"role":"system","content":"s"},{"role":"user","content":"u"}])")
    );
    BOOST_TEST(part(got, "system") == "absent");
    BOOST_TEST(part(got, "messages.0.content") == R"([{"text":"s"},{"text":"u"}])");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_carried_is_said) {
    BOOST_TEST(made(llama, chat(hi, R"(,"n":2)")).param == "n");
    const auto out = made(
        llama,
        chat(
            hi,
            R"(,"logit_bias":{"1":1},"frequency_penalty":1,"min_p":0.1,"service_tier":"scale",)"
            R"("stop":["1","2","3","4","5"],"frobnicate":1,"user":"u","store":true)"
        )
    );
    BOOST_TEST(
        out.dropped == "stop, frequency_penalty, service_tier, min_p, logit_bias, frobnicate"
    );
    const auto kept =
        sent(llama, chat(hi, R"(,"service_tier":"flex","metadata":{"a":"b c","d":"é","e":"f"})"));
    BOOST_TEST(part(kept, "serviceTier") == R"({"type":"flex"})");
    BOOST_TEST(part(kept, "requestMetadata") == R"({"a":"b c","e":"f"})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(converse_decode_request)

BOOST_AUTO_TEST_CASE(everything_has_its_place) {
    const auto got = read_tree(
        R"({"system":[{"text":"be brief"}],"messages":[{"role":"user","content":[{"text":"hi"},)"
        R"({"image":{"format":"png","source":{"bytes":"AA=="}}}]}],"inferenceConfig":{"maxTokens":5,)"
        R"("temperature":0.50,"topP":0.9,"stopSequences":["x"]},"additionalModelRequestFields":{"top_k":7,)"
        R"("thinking":{"type":"enabled","budget_tokens":2000}},"serviceTier":{"type":"flex"}})"
    );
    BOOST_TEST(got.word("messages.0.role") == "system");
    BOOST_TEST(got.word("messages.1.content.1.image_url.url") == "data:image/png;base64,AA==");
    BOOST_TEST(got.word("max_tokens") == "5");
    BOOST_TEST(got.word("temperature") == "0.50");
    BOOST_TEST(got.word("stop.0") == "x");
    BOOST_TEST(got.word("top_k") == "7");
    BOOST_TEST(got.word("reasoning.max_tokens") == "2000");
    BOOST_TEST(got.word("service_tier") == "flex");
}

BOOST_AUTO_TEST_CASE(results_stand_directly_behind_their_calls) {
    const auto got = read_tree(
        R"({"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[)"
        R"({"text":"let me"},{"toolUse":{"toolUseId":"a","name":"f","input":{"x":1}}},)"
        R"({"toolUse":{"toolUseId":"b","name":"g","input":{}}}]},{"role":"user","content":[{"text":"now"},)"
        R"({"toolResult":{"toolUseId":"b","content":[{"json":{"k":"v"}}]}},)"
        R"({"toolResult":{"toolUseId":"a","content":[{"text":"one"}],"status":"error"}}]}],)"
        R"("toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}],)"
        R"("toolChoice":{"any":{}}}})"
    );
    BOOST_TEST(got.word("messages.1.tool_calls.0.function.arguments") == R"({"x":1})");
    BOOST_TEST(got.word("messages.2.tool_call_id") == "b");
    BOOST_TEST(got.word("messages.2.content") == R"({"k":"v"})");
    BOOST_TEST(got.word("messages.3.tool_call_id") == "a");
    BOOST_TEST(got.word("messages.4.content") == "now");
    BOOST_TEST(got.word("tools.0.function.name") == "f");
    BOOST_TEST(got.word("tool_choice") == "required");
}

BOOST_AUTO_TEST_CASE(a_schema_comes_out_of_its_string) {
    const auto got = read_tree(
        R"({"messages":[{"role":"user","content":[{"text":"q"}]}],"outputConfig":{"textFormat":{)"
        R"("type":"json_schema","structure":{"jsonSchema":{"name":"n","schema":"{\"type\":\"object\"}"}}}}})"
    );
    BOOST_TEST(
        part(got, "response_format.json_schema") == R"({"name":"n","schema":{"type":"object"}})"
    );
}

BOOST_AUTO_TEST_CASE(what_only_bedrock_knows_is_reported) {
    const auto out = read(
        R"({"messages":[{"role":"user","content":[{"text":"q"}]}],"guardrailConfig":{"guardrailIdentifier":"g"},)"
        R"("additionalModelRequestFields":{"anthropic_beta":["x"]},"additionalModelResponseFieldPaths":["/a"]})"
    );
    BOOST_TEST(out.dropped == "anthropic_beta, guardrailConfig");
}

BOOST_AUTO_TEST_CASE(thoughts_and_cache_points_survive_the_way_back) {
    constexpr std::string_view body =
        R"({"system":[{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}}],"messages":[)"
        R"({"role":"user","content":[{"text":"q"},{"cachePoint":{"type":"default"}}]},)"
        R"({"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},)"
        R"({"reasoningContent":{"redactedContent":"AA=="}},{"text":"a"}]},)"
        R"({"role":"user","content":[{"text":"b"}]}]})";
    const waist_request run{
        .provider = "amazon-bedrock",
        .from = protocol::converse,
        .to = protocol::converse,
        .model = thinker};
    BOOST_TEST(run.over(body).body == body);
}

BOOST_AUTO_TEST_CASE(a_wrong_member_is_named) {
    const auto param = [](std::string_view body) {
        return read(body).param;
    };
    BOOST_TEST(param(R"({})") == "messages");
    BOOST_TEST(param(R"({"messages":[]})") == "messages");
    BOOST_TEST(param(R"({"messages":["x"]})") == "messages[0]");
    BOOST_TEST(param(R"({"messages":[{"role":"boss","content":[]}]})") == "messages[0].role");
    BOOST_TEST(param(R"({"messages":[{"role":"user","content":"x"}]})") == "messages[0].content");
    BOOST_TEST(
        param(R"({"messages":[{"role":"user","content":[{"text":1}]}]})") == "messages[0].content"
    );
    BOOST_TEST(
        param(R"({"messages":[{"role":"user","content":[{"song":{}}]}]})") == "messages[0].content"
    );
    BOOST_TEST(
        param(R"({"messages":[{"role":"user","content":[]}],"inferenceConfig":{"maxTokens":0}})") ==
        "inferenceConfig.maxTokens"
    );
    BOOST_TEST(
        param(R"({"messages":[{"role":"user","content":[]}],"inferenceConfig":{"topP":"a"}})") ==
        "inferenceConfig.topP"
    );
    BOOST_TEST(
        param(R"({"messages":[{"role":"user","content":[]}],"toolConfig":{"tools":[{}]}})") ==
        "toolConfig.tools"
    );
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
