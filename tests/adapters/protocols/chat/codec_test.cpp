// Chat Completions through the waist and back: requests, answers whole and streamed.
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;

json_tree tree(std::string_view text) {
    auto read = parse_json(text);
    BOOST_TEST_REQUIRE(read.has_value(), "no JSON: " << text);
    return *read;
}

// Request to a row, read back as a tree.
json_tree asked(std::string_view provider, std::string_view body) {
    const waist_request run{.provider = provider};
    const auto made = run.over(body);
    BOOST_TEST(made.refusal == "");
    return tree(made.body);
}

waist_request::made refused(std::string_view provider, std::string_view body) {
    const waist_request run{.provider = provider};
    return run.over(body);
}

std::string with_messages(std::string_view messages, std::string_view more = {}) {
    return std::string{R"({"model":"x","messages":)"}.append(messages).append(more).append("}");
}

constexpr std::string_view hi = R"([{"role":"user","content":"hi"}])";

}  // namespace

BOOST_AUTO_TEST_SUITE(chat_codec_request)

BOOST_AUTO_TEST_CASE(what_everybody_takes_arrives_as_it_was) {
    const auto got = asked(
        "custom",
        with_messages(
            hi,
            R"(,"temperature":0.70,"seed":9007199254740993,)"
            R"("max_completion_tokens":7,"stop":"e\u0301","stream":true,"top_k":3)"
        )
    );
    BOOST_TEST(
        got.dump() ==
        R"({"model":"m-1","messages":[{"role":"user","content":"hi"}],"stream":true,)"
        R"("stream_options":{"include_usage":true},"max_tokens":7,"stop":["e\u0301"],"temperature":0.70,)"
        R"("top_k":3,"seed":9007199254740993})"
    );
}

BOOST_AUTO_TEST_CASE(the_rows_rules_rename_and_drop) {
    const waist_request run{.provider = "openai", .model = "gpt-5-mini"};
    const auto made = run.over(with_messages(hi, R"(,"max_tokens":9,"top_k":3,"min_p":0.1)"));
    BOOST_TEST(tree(made.body).word("max_completion_tokens") == "9");
    BOOST_TEST(!tree(made.body).find("top_k"));
    BOOST_TEST(made.dropped == "top_k, min_p");
    const auto mistral = asked(
        "mistral",
        with_messages(
            hi,
            R"(,"seed":5,"tools":[{"type":"function",)"
            R"("function":{"name":"f"}}],"tool_choice":"required")"
        )
    );
    BOOST_TEST(mistral.word("random_seed") == "5");
    BOOST_TEST(mistral.word("tool_choice") == "any");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_said_there_is_bent_or_reported) {
    constexpr std::string_view more =
        R"(,"temperature":1.5,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required")";
    const waist_request run{.provider = "z-ai"};
    const auto made = run.over(with_messages(hi, more));
    const auto got = tree(made.body);
    BOOST_TEST(got.word("temperature") == "1");
    BOOST_TEST(!got.at("tool_choice"));
    BOOST_TEST(got.word("tools.0.function.name") == "f");
    BOOST_TEST(made.dropped == "tool_choice");
}

BOOST_AUTO_TEST_CASE(what_nobody_knows_is_reported) {
    const auto made = refused("openai", with_messages(hi, R"(,"frobnicate":1)"));
    BOOST_TEST(made.dropped == "frobnicate");
    BOOST_TEST(!tree(made.body).find("frobnicate"));
}

BOOST_AUTO_TEST_CASE(a_wrong_member_is_named) {
    BOOST_TEST(
        refused("openai", with_messages(R"([{"role":"boss","content":"x"}])")).param ==
        "messages[0].role"
    );
    BOOST_TEST(
        refused("openai", with_messages(R"([{"role":"tool","content":"x"}])")).param ==
        "messages[0].tool_call_id"
    );
    BOOST_TEST(
        refused("openai", with_messages(R"([{"role":"user","content":7}])")).param ==
        "messages[0].content"
    );
    BOOST_TEST(
        refused("openai", with_messages(hi, R"(,"temperature":"hot")")).param == "temperature"
    );
    BOOST_TEST(
        refused("openai", with_messages(hi, R"(,"reasoning_effort":"huge")")).param ==
        "reasoning_effort"
    );
    BOOST_TEST(
        refused(
            "openai",
            with_messages(hi, R"(,"reasoning_effort":"low","reasoning":{"effort":"high"})")
        )
            .param == "reasoning_effort"
    );
    BOOST_TEST(refused("openai", R"({"messages":[]})").param == "messages");
    BOOST_TEST(
        refused("openai", with_messages(hi, R"(,"tools":[{"type":"openrouter:datetime"}])"))
            .param == "tools"
    );
}

BOOST_AUTO_TEST_CASE(calls_results_and_pictures_of_results_keep_their_order) {
    const auto got = asked(
        "custom",
        with_messages(
            R"([{"role":"assistant","content":null,"tool_calls":[)"
            R"({"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},)"
            R"({"id":"b","type":"function","function":{"name":"g","arguments":""}}]},)"
            R"({"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"one"},)"
            R"({"type":"image_url","image_url":{"url":"data:image\/png;base64,AA=="}}]},)"
            R"({"role":"tool","tool_call_id":"b","content":"two"},{"role":"user","content":"go"}])"
        )
    );
    BOOST_TEST(got.word("messages.0.tool_calls.0.function.arguments") == R"({"x":1})");
    BOOST_TEST(got.word("messages.0.tool_calls.1.function.arguments") == "{}");
    BOOST_TEST(got.word("messages.1.content") == "one");
    BOOST_TEST(got.word("messages.2.tool_call_id") == "b");
    BOOST_TEST(got.word("messages.3.content.0.image_url.url") == "data:image/png;base64,AA==");
    BOOST_TEST(got.word("messages.4.content") == "go");
}

BOOST_AUTO_TEST_CASE(mistral_gets_ids_of_nine_that_agree) {
    const auto got = asked(
        "mistral",
        with_messages(
            R"([{"role":"assistant","tool_calls":[{"id":"toolu_01:x","type":)"
            R"("function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"toolu_01:x","content":"1"}])"
        )
    );
    const auto id = got.word("messages.0.tool_calls.0.id");
    BOOST_TEST(id.size() == 9U);
    BOOST_TEST(got.word("messages.1.tool_call_id") == id);
}

BOOST_AUTO_TEST_CASE(reasoning_details_come_back_octet_for_octet_to_who_knows_them) {
    const auto body = with_messages(
        R"([{"role":"assistant","content":"x","reasoning":"ab","reasoning_details":[)"
        R"({"type":"reasoning.text","text":"a","format":"anthropic-claude-v1","index":0},)"
        R"({"type":"reasoning.text","text":"b","signature":"s+/=","format":"anthropic-claude-v1","index":0},)"
        R"({"type":"reasoning.text","text":"","signature":"t","format":"anthropic-claude-v1","index":1},)"
        R"({"type":"reasoning.encrypted","data":"d==","format":"anthropic-claude-v1","index":2}]},)"
        R"({"role":"user","content":"go"}])"
    );
    const auto got = asked("openrouter", body);
    BOOST_TEST(
        got.at("messages.0.reasoning_details")->dump() ==
        R"([{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"text":"ab","signature":"s+/="},)"
        R"({"type":"reasoning.text","format":"anthropic-claude-v1","index":1,"text":"","signature":"t"},)"
        R"({"type":"reasoning.encrypted","format":"anthropic-claude-v1","index":2,"data":"d=="}])"
    );
    BOOST_TEST(!asked("openai", body).at("messages.0.reasoning_details"));
}

BOOST_AUTO_TEST_CASE(googles_signature_stays_with_its_call) {
    const auto got = asked(
        "openrouter",
        with_messages(
            R"([{"role":"assistant","tool_calls":[{"id":"c","type":"function",)"
            R"("function":{"name":"f","arguments":"{}"}}],"reasoning_details":[{"type":"reasoning.encrypted","data":"sig",)"
            R"("id":"c","format":"google-gemini-v1","index":0}]}])"
        )
    );
    BOOST_TEST(got.word("messages.0.reasoning_details.0.data") == "sig");
    BOOST_TEST(got.word("messages.0.reasoning_details.0.id") == "c");
}

BOOST_AUTO_TEST_CASE(a_thought_goes_back_with_its_calls_under_the_providers_name) {
    const auto body = with_messages(
        R"([{"role":"assistant","content":"x","reasoning_content":"hm"},)"
        R"({"role":"assistant","reasoning":"so","tool_calls":[{"id":"c","type":"function","function":{"name":"f",)"
        R"("arguments":"{}"}}]}])"
    );
    const auto deepseek = asked("deepseek", body);
    BOOST_TEST(!deepseek.at("messages.0.reasoning_content"));
    BOOST_TEST(deepseek.word("messages.1.reasoning_content") == "so");
    BOOST_TEST(asked("groq", body).word("messages.1.reasoning") == "so");
    BOOST_TEST(!asked("openai", body).at("messages.1.reasoning"));
}

BOOST_AUTO_TEST_CASE(allowed_tools_are_said_or_the_others_not_offered) {
    const auto body = with_messages(
        hi,
        R"(,"tools":[{"type":"function","function":{"name":"f"}},)"
        R"({"type":"function","function":{"name":"g"}}],"tool_choice":{"type":"allowed_tools",)"
        R"("allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"g"}}]}})"
    );
    const auto openai = asked("openai", body);
    BOOST_TEST(openai.word("tool_choice.allowed_tools.tools.0.function.name") == "g");
    BOOST_TEST(openai.word("tools.1.function.name") == "g");
    const auto other = asked("custom", body);
    BOOST_TEST(other.at("tools")->members.size() == 1U);
    BOOST_TEST(other.word("tools.0.function.name") == "g");
    BOOST_TEST(other.word("tool_choice") == "required");
}

BOOST_AUTO_TEST_CASE(a_custom_tool_is_one_or_a_function_of_one_text) {
    const auto body = with_messages(
        R"([{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":)"
        R"({"name":"sh","input":"echo \"a\\b\"\n"}}]},{"role":"tool","tool_call_id":"c","content":"a"}])",
        R"(,"tools":[{"type":"custom","custom":{"name":"sh"}}],"tool_choice":{"type":"custom","custom":{"name":"sh"}})"
    );
    const auto openai = asked("openai", body);
    BOOST_TEST(openai.word("messages.0.tool_calls.0.custom.input") == "echo \"a\\b\"\n");
    BOOST_TEST(openai.word("tool_choice.custom.name") == "sh");
    const auto other = asked("custom", body);
    BOOST_TEST(other.word("tools.0.function.parameters.required.0") == "input");
    BOOST_TEST(
        other.word("messages.0.tool_calls.0.function.arguments") == R"({"input":"echo \"a\\b\"\n"})"
    );
    BOOST_TEST(other.word("tool_choice.function.name") == "sh");
}

BOOST_AUTO_TEST_CASE(the_json_schema_and_the_wish_to_think_arrive) {
    const auto body = with_messages(
        hi,
        R"(,"reasoning":{"max_tokens":500},"max_tokens":1000,"response_format":)"
        R"({"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}})"
    );
    const auto plain = asked("openai", body);
    BOOST_TEST(
        plain.at("response_format")->dump() ==
        R"({"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}})"
    );
    BOOST_TEST(plain.word("reasoning_effort") == "medium");
    BOOST_TEST(asked("openrouter", body).word("reasoning.max_tokens") == "500");
}

BOOST_AUTO_TEST_CASE(files_and_voices_are_carried_or_refused) {
    const auto file = with_messages(
        R"([{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf",)"
        R"("file_data":"https://h.test/a.pdf"}},{"type":"input_audio","input_audio":{"data":"AA==","format":"mp3"}}]}])"
    );
    BOOST_TEST(refused("openai", file).param == "messages");
    const auto got = asked("openrouter", file);
    BOOST_TEST(got.word("messages.0.content.0.file.file_data") == "https://h.test/a.pdf");
    BOOST_TEST(got.word("messages.0.content.1.input_audio.format") == "mp3");
}

BOOST_AUTO_TEST_CASE(the_old_functions_are_tools) {
    const auto got = asked(
        "custom",
        with_messages(
            R"([{"role":"assistant","content":null,"function_call":{"name":"f",)"
            R"("arguments":"{}"}},{"role":"function","name":"f","content":"1"}])",
            R"(,"functions":[{"name":"f","parameters":{}}],"function_call":{"name":"f"})"
        )
    );
    BOOST_TEST(got.word("tools.0.function.name") == "f");
    BOOST_TEST(got.word("tool_choice.function.name") == "f");
    BOOST_TEST(got.word("messages.1.tool_call_id") == got.word("messages.0.tool_calls.0.id"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(chat_codec_answer)

namespace {

std::string stream_of(std::initializer_list<std::string_view> chunks) {
    std::string all;
    for (const auto chunk : chunks)
        all.append("data: ").append(chunk).append("\n\n");
    return all;
}

std::string delta(std::string_view text, std::string_view finish = "null") {
    return std::string{
        R"({"id":"u1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":)"}
        .append(text)
        .append(R"(,"finish_reason":)")
        .append(finish)
        .append("}]}");
}

// What a client's accumulator makes of a stream: texts joined, calls by index.
struct heard {
    std::string content;
    std::string reasoning;
    std::vector<std::string> calls;  // id name(arguments)
    std::string finish;
    std::string usage;
    bool done = false;
};

heard hear(const outcome& got) {
    heard all;
    std::vector<std::pair<std::string, std::string>> calls;
    for (const auto& payload : payloads(got.octets)) {
        if (payload == "[DONE]") {
            all.done = true;
            continue;
        }
        const auto chunk = tree(payload);
        all.content +=
            chunk.at("choices.0.delta.content") && chunk.at("choices.0.delta.content")->kind == '"'
                ? chunk.word("choices.0.delta.content")
                : "";
        all.reasoning += chunk.word("choices.0.delta.reasoning") +
                         chunk.word("choices.0.delta.reasoning_content");
        if (const auto* list = chunk.at("choices.0.delta.tool_calls")) {
            for (const auto& [none, call] : list->members) {
                const auto index = static_cast<std::size_t>(std::stoi(call.word("index")));
                if (calls.size() <= index) calls.resize(index + 1);
                if (call.find("id"))
                    calls[index].first += call.word("id") + " " + call.word("function.name") +
                                          call.word("custom.name");
                calls[index].second += call.word("function.arguments") + call.word("custom.input");
            }
        }
        const auto finish = chunk.word("choices.0.finish_reason");
        if (finish != "null" && !finish.empty()) all.finish = finish;
        if (const auto* usage = chunk.find("usage"); usage && usage->kind == '{') {
            all.usage = usage->word("prompt_tokens") + "/" + usage->word("completion_tokens");
        }
    }
    for (const auto& [head, arguments] : calls)
        all.calls.push_back(head + "(" + arguments + ")");
    return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_stream_keeps_text_thought_usage_and_end) {
    const waist_run run;
    const auto got = run.over_three_ways(stream_of(
        {delta(R"({"role":"assistant","content":"","reasoning_content":"h\u00f6"})"),
         delta(R"({"content":"a \"b\"\n"})"),
         delta(R"({"content":"\ud83d\ude00"})"),
         delta("{}", R"("stop")"),
         R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})",
         "[DONE]"}
    ));
    const auto said = hear(got);
    BOOST_TEST(said.content == "a \"b\"\n😀");
    BOOST_TEST(said.reasoning == "hö");
    BOOST_TEST(said.finish == "stop");
    BOOST_TEST(said.usage == "3/2");
    BOOST_TEST(said.done);
    BOOST_TEST(got.facts.complete);
    const auto first = tree(payloads(got.octets).front());
    BOOST_TEST(
        first.dump() ==
        R"({"id":"gen-1-abc","object":"chat.completion.chunk","created":1700000000,)"
        R"("model":"acme/m1","provider":"Acme","choices":[{"index":0,"delta":{"role":"assistant","content":"",)"
        R"("reasoning":"h\u00f6","reasoning_details":[{"type":"reasoning.text","format":"unknown","index":0,)"
        R"("text":"h\u00f6"}]},"finish_reason":null,"native_finish_reason":null}]})"
    );
}

BOOST_AUTO_TEST_CASE(the_plain_face_has_openais_form) {
    waist_run run;
    run.side = face::openai;
    const auto stream =
        stream_of({delta(R"({"content":"hi"})"), delta("{}", R"("stop")"), "[DONE]"});
    const auto said = payloads(run.over(stream).octets);
    BOOST_TEST_REQUIRE(said.size() == 5U);
    BOOST_TEST(
        tree(said[0]).at("choices.0.delta")->dump() ==
        R"({"role":"assistant","content":"","refusal":null})"
    );
    BOOST_TEST(
        tree(said[1]).at("choices.0")->dump() ==
        R"({"index":0,"delta":{"content":"hi"},"finish_reason":null})"
    );
    BOOST_TEST(
        tree(said[2]).at("choices.0")->dump() == R"({"index":0,"delta":{},"finish_reason":"stop"})"
    );
    BOOST_TEST(tree(said[3]).at("choices")->members.empty());
    BOOST_TEST(tree(said[3]).word("usage.estimated") == "true");
    run.asked = usage_request::not_asked;
    BOOST_TEST(run.over(stream).octets.find("usage") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(interleaved_calls_come_out_whole_and_in_order) {
    const waist_run run;
    const auto got = run.over_three_ways(stream_of(
        {delta(
             R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]})"
         ),
         delta(
             R"({"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{\"y\":"}}]})"
         ),
         delta(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":\"}\\\"\"}"}}]})"),
         delta(R"({"tool_calls":[{"index":1,"id":"","function":{"name":"","arguments":"2}"}}]})"),
         delta("{}", R"("stop")"),
         "[DONE]"}
    ));
    const auto said = hear(got);
    BOOST_TEST_REQUIRE(said.calls.size() == 2U);
    BOOST_TEST(said.calls[0] == R"(a f({"x":"}\""}))");
    BOOST_TEST(said.calls[1] == R"(b g({"y":2}))");
    BOOST_TEST(said.finish == "tool_calls");  // trap 23
}

BOOST_AUTO_TEST_CASE(trap_18_another_id_on_one_index_is_another_call) {
    const waist_run run;
    const auto said = hear(run.over_three_ways(stream_of(
        {delta(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]})"),
         delta(
             R"({"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{\"z\":1}"}}]})"
         ),
         delta(
             R"({"tool_calls":[{"index":0,"id":"b","function":{"name":null,"arguments":null}}]})",
             R"("tool_calls")"
         ),
         "[DONE]"}
    )));
    BOOST_TEST_REQUIRE(said.calls.size() == 2U);
    BOOST_TEST(said.calls[0] == "a f({})");
    BOOST_TEST(said.calls[1] == R"(b f({"z":1}))");
}

BOOST_AUTO_TEST_CASE(trap_21_a_call_without_arguments_has_an_empty_object) {
    const waist_run run;
    const auto said = hear(run.over_three_ways(stream_of(
        {delta(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]})"),
         delta("{}", R"("tool_calls")"),
         "[DONE]"}
    )));
    BOOST_TEST_REQUIRE(said.calls.size() == 1U);
    BOOST_TEST(said.calls[0] == "a f({})");
}

BOOST_AUTO_TEST_CASE(trap_22_arguments_as_an_object_become_a_text) {
    waist_run run;
    run.how = delivery::whole;
    const auto got = run.over_three_ways(
        R"({"id":"1","choices":[{"message":{"role":"assistant","content":null,"tool_calls":[)"
        R"({"type":"function","function":{"name":"f","arguments":{"a":"\"q\""}}}]},"finish_reason":""}]})"
    );
    const auto said = tree(got.octets);
    BOOST_TEST(
        said.word("choices.0.message.tool_calls.0.function.arguments") == R"({"a":"\"q\""})"
    );
    BOOST_TEST(said.word("choices.0.finish_reason") == "tool_calls");
    BOOST_TEST(said.at("choices.0.message.content")->text == "null");
}

BOOST_AUTO_TEST_CASE(custom_calls_and_the_old_function_call_are_calls) {
    const waist_run run;
    const auto custom = hear(run.over_three_ways(stream_of(
        {delta(
             R"({"tool_calls":[{"index":0,"id":"a","type":"custom","custom":{"name":"sh","input":""}}]})"
         ),
         delta(R"({"tool_calls":[{"index":0,"custom":{"input":"echo \"x\\n\""}}]})"),
         delta("{}", R"("tool_calls")"),
         "[DONE]"}
    )));
    BOOST_TEST_REQUIRE(custom.calls.size() == 1U);
    BOOST_TEST(custom.calls[0] == R"(a sh(echo "x\n"))");
    const auto old = hear(run.over_three_ways(stream_of(
        {delta(R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":""}})"
         ),
         delta(R"({"function_call":{"arguments":"{\"x\""}})"),
         delta(R"({"function_call":{"arguments":":1}"}})"),
         delta("{}", R"("function_call")"),
         "[DONE]"}
    )));
    BOOST_TEST_REQUIRE(old.calls.size() == 1U);
    BOOST_TEST(old.calls[0] == R"(call_0_0 f({"x":1}))");
    BOOST_TEST(old.finish == "tool_calls");
}

BOOST_AUTO_TEST_CASE(signatures_and_encrypted_thoughts_pass_octet_for_octet) {
    const auto details = [](std::string_view list) {
        return delta(std::string{R"({"content":"","reasoning":"x","reasoning_details":)"}
                         .append(list)
                         .append("}"));
    };
    const auto stream = stream_of(
        {details(
             R"([{"type":"reasoning.text","text":"a","format":"anthropic-claude-v1","index":0}])"
         ),
         details(
             R"([{"type":"reasoning.text","signature":"S+/=","format":"anthropic-claude-v1","index":0}])"
         ),
         details(
             R"([{"type":"reasoning.encrypted","data":"E==","format":"anthropic-claude-v1","index":1}])"
         ),
         details(
             R"([{"type":"reasoning.text","text":"","signature":"T","format":"anthropic-claude-v1","index":2}])"
         ),
         delta(R"({"content":"y"})", R"("stop")"),
         "[DONE]"}
    );
    const waist_run run;
    std::string list;
    for (const auto& payload : payloads(run.over_three_ways(stream).octets)) {
        if (payload == "[DONE]") continue;
        const auto chunk = tree(payload);
        if (const auto* one = chunk.at("choices.0.delta.reasoning_details")) list += one->dump();
    }
    BOOST_TEST(
        list ==
        R"([{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"text":"a"}])"
        R"([{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"signature":"S+/="}])"
        R"([{"type":"reasoning.encrypted","format":"anthropic-claude-v1","index":1,"data":"E=="}])"
        R"([{"type":"reasoning.text","format":"anthropic-claude-v1","index":2,"text":""}])"
        R"([{"type":"reasoning.text","format":"anthropic-claude-v1","index":2,"signature":"T"}])"
    );
}

BOOST_AUTO_TEST_CASE(a_whole_answer_keeps_its_parts) {
    waist_run run;
    run.how = delivery::whole;
    const auto got = run.over_three_ways(
        R"({"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":)"
        R"({"role":"assistant","content":"hi","refusal":null,"reasoning_details":[{"type":"reasoning.text","text":"t",)"
        R"("signature":"s","format":"anthropic-claude-v1","index":0},{"type":"reasoning.summary","summary":"u","index":1}],)"
        R"("annotations":[{"type":"url_citation","url_citation":{"url":"https://a.test","title":"A","start_index":1,"end_index":2}}],)"
        R"("images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}],"audio":{"id":"v","data":"BB==","transcript":"la"}},)"
        R"("logprobs":{"content":[{"token":"hi","logprob":-0.1,"bytes":null,"top_logprobs":[]}]},"finish_reason":"eos"}],)"
        R"("usage":{"prompt_tokens":4,"completion_tokens":1,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":2}}})"
    );
    const auto said = tree(got.octets);
    BOOST_TEST(
        said.at("choices.0")->dump() ==
        R"({"index":0,"logprobs":{"content":[{"token":"hi","logprob":-0.1,"bytes":null,"top_logprobs":[]}],"refusal":null},)"
        R"("finish_reason":"stop","native_finish_reason":"eos","message":{"role":"assistant","content":"hi","refusal":null,)"
        R"("reasoning":"tu","reasoning_details":[{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"text":"t","signature":"s"},)"
        R"({"type":"reasoning.summary","format":"unknown","index":1,"summary":"u"}],)"
        R"("images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}],)"
        R"("annotations":[{"type":"url_citation","url_citation":{"url":"https://a.test","title":"A","start_index":1,"end_index":2}}],)"
        R"("audio":{"id":"v","data":"BB==","transcript":"la"}}})"
    );
    BOOST_TEST(said.word("usage.prompt_tokens_details.cached_tokens") == "2");
    BOOST_TEST(said.word("usage.cost") == "0.000006");
}

BOOST_AUTO_TEST_CASE(trap_45_a_cut_stream_has_no_end) {
    const waist_run run;
    const auto stream = stream_of({delta(R"({"content":"hi"})")});
    const auto got = run.over_three_ways(stream);
    BOOST_TEST(!got.facts.complete);
    BOOST_TEST(got.octets.find("[DONE]") == std::string::npos);
    BOOST_TEST(got.octets.find(R"("finish_reason":")") == std::string::npos);
    const auto finished = run.over(stream + stream_of({delta("{}", R"("stop")")}));
    BOOST_TEST(finished.facts.complete);  // the finish and a clean end
    waist_run cut;
    cut.end = ending::cut;
    BOOST_TEST(!cut.over(stream + stream_of({delta("{}", R"("stop")")})).facts.complete);
}

BOOST_AUTO_TEST_CASE(trap_44_an_error_inside_a_200_is_a_failure) {
    waist_run run;
    const auto early =
        run.over_three_ways(stream_of({R"({"error":{"message":"busy","code":429}})"}));
    BOOST_TEST_REQUIRE(early.failure.has_value());
    BOOST_TEST((early.failure->what == error_class::rate));
    BOOST_TEST(early.octets == "");
    const auto late = run.over_three_ways(stream_of(
        {delta(R"({"content":"hi"})"), R"({"error":{"message":"gone","code":502}})", "[DONE]"}
    ));
    BOOST_TEST(late.failure.has_value());
    BOOST_TEST(late.octets.find("[DONE]") == std::string::npos);
    run.how = delivery::whole;
    BOOST_TEST(
        run.over(R"({"base_resp":{"status_code":1002,"status_msg":"rate"}})").failure.has_value()
    );
    BOOST_TEST(run.over(R"({"id":"1","choices":[]})").failure.has_value());
    BOOST_TEST(run.over("<html>").failure.has_value());
}

BOOST_AUTO_TEST_CASE(usage_is_found_wherever_it_stands_and_the_last_counts) {
    waist_run run;
    run.provider = "xai";
    const auto got = run.over_three_ways(stream_of(
        {R"({"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}})",
         R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":5,"completion_tokens":2,)"
         R"("total_tokens":10,"completion_tokens_details":{"reasoning_tokens":3}}}]})",
         "[DONE]"}
    ));
    BOOST_TEST(got.facts.tokens.completion == 5U);
    BOOST_TEST(got.facts.tokens.total == 10U);
}

BOOST_AUTO_TEST_CASE(mistrals_parts_and_perplexitys_sources_are_understood) {
    const waist_run run;
    const auto parts = hear(run.over_three_ways(stream_of(
        {delta(R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"mm"}]}]})"),
         delta(R"({"content":[{"type":"text","text":"ok"}]})", R"("stop")"),
         "[DONE]"}
    )));
    BOOST_TEST(parts.reasoning == "mm");
    BOOST_TEST(parts.content == "ok");
    const auto got = run.over_three_ways(stream_of(
        {R"({"citations":["https://a.test"],"choices":[{"index":0,"message":{"content":"ab"},"delta":{"content":"a"}}]})",
         R"({"citations":["https://a.test"],"choices":[{"index":0,"message":{"content":"ab"},"delta":{"content":"b"},"finish_reason":"stop"}]})"}
    ));
    BOOST_TEST(hear(got).content == "ab");
    BOOST_TEST(got.octets.find("https://a.test") == got.octets.rfind("https://a.test"));
    BOOST_TEST(got.octets.find("https://a.test") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(several_choices_stay_apart) {
    const waist_run run;
    const auto got = run.over_three_ways(stream_of(
        {R"({"choices":[{"index":1,"delta":{"content":"b"}}]})",
         R"({"choices":[{"index":0,"delta":{"content":"a"}}]})",
         R"({"choices":[{"index":0,"delta":{},"finish_reason":"length"}]})",
         R"({"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]})",
         "[DONE]"}
    ));
    BOOST_TEST(got.facts.complete);
    BOOST_TEST(tree(payloads(got.octets)[0]).word("choices.0.index") == "1");
    BOOST_TEST(got.octets.find(R"("finish_reason":"length")") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
