// Responses through the waist: its requests for providers of Chat Completions and the other way round, its answers
// read and written.
#include "adapters/protocols/responses/codec.hpp"
#include "adapters/protocols/responses/settings.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <vector>

namespace spillway::testing {

namespace {

using namespace adapters;

json_tree tree(std::string_view text) {
    auto read = parse_json(text);
    BOOST_TEST_REQUIRE(read.has_value(), "no JSON: " << text);
    return *read;
}

waist_request::made from_responses(std::string_view body, std::string_view provider = "custom") {
    const waist_request run{.provider = provider, .from = protocol::responses};
    return run.over(body);
}

waist_request::made to_responses(std::string_view body) {
    const waist_request run{.to = protocol::responses};
    return run.over(body);
}

std::string chat_stream(std::initializer_list<std::string_view> deltas, std::string_view finish) {
    std::string all;
    for (const auto delta : deltas) {
        all.append(R"(data: {"id":"u","choices":[{"index":0,"delta":)").append(delta);
        all.append(",\"finish_reason\":null}]}\n\n");
    }
    all.append(R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":")").append(finish);
    all.append(
        "\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3,"
        "\"total_tokens\":8,\"completion_tokens_details\":{\"reasoning_tokens\":2}}}\n\n"
    );
    return all.append("data: [DONE]\n\n");
}

waist_run to_a_client(face side = face::openai) {
    waist_run run;
    run.to = protocol::responses;
    run.side = side;
    return run;
}

waist_run from_a_provider() {
    waist_run run;
    run.from = protocol::responses;
    return run;
}

std::string stream_of(std::initializer_list<std::string_view> events) {
    std::string all;
    for (const auto one : events) {
        all.append("event: ").append(tree(one).word("type")).append("\ndata: ").append(one);
        all.append("\n\n");
    }
    return all;
}

// Types in order; checks the numbering, the names, and that an item's events carry its id.
std::vector<std::string> types_of(std::string_view stream) {
    std::vector<std::string> types;
    std::map<std::string, std::string> ids;
    for (const auto& payload : payloads(stream)) {
        if (payload == "[DONE]") continue;
        const auto one = tree(payload);
        BOOST_TEST(one.word("sequence_number") == std::to_string(types.size()), payload);
        types.push_back(one.word("type"));
        const auto place = one.word("output_index");
        if (one.find("item")) ids.try_emplace(place, one.word("item.id"));
        if (one.find("item")) BOOST_TEST(ids[place] == one.word("item.id"), payload);
        if (one.find("item_id")) BOOST_TEST(ids[place] == one.word("item_id"), payload);
    }
    return types;
}

json_tree last_response(std::string_view stream) {
    auto all = payloads(stream);
    if (all.back() == "[DONE]") all.pop_back();
    return *tree(all.back()).find("response");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(responses_request)

BOOST_AUTO_TEST_CASE(a_text_is_a_message_of_the_user) {
    const auto made = from_responses(
        R"({"model":"x","input":"hi\n","instructions":"be brief","max_output_tokens":9,"stream":true,)"
        R"("temperature":0.50,"store":false,"truncation":"disabled","metadata":{"a":"b"}})"
    );
    BOOST_TEST(
        made.body ==
        R"({"model":"m-1","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi\n"}],)"
        R"("stream":true,"stream_options":{"include_usage":true},"max_tokens":9,"temperature":0.50})"
    );
    BOOST_TEST(made.dropped == "");
}

BOOST_AUTO_TEST_CASE(one_turn_of_the_assistant_is_one_message) {
    const auto made = from_responses(
        R"({"input":[{"role":"user","content":[{"type":"input_text","text":"a"},)"
        R"({"type":"input_image","image_url":"https://h.test/i.png","detail":"original"}]},)"
        R"({"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"E=="},)"
        R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"b"}]},)"
        R"({"type":"function_call","call_id":"c1","name":"f","arguments":"{\"x\":1}"},)"
        R"({"type":"function_call","call_id":"c2","name":"g","arguments":""},)"
        R"({"type":"function_call_output","call_id":"c1","output":"one"},)"
        R"({"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"}]}]})",
        "openrouter"
    );
    const auto said = tree(made.body);
    BOOST_TEST(said.at("messages")->members.size() == 4U);
    BOOST_TEST(said.word("messages.0.content.1.image_url.detail") == "high");
    BOOST_TEST(said.word("messages.1.content") == "b");
    BOOST_TEST(said.word("messages.1.reasoning_details.0.summary") == "hm");
    BOOST_TEST(said.word("messages.1.reasoning_details.1.data") == "E==");
    BOOST_TEST(said.word("messages.1.reasoning_details.1.format") == "openai-responses-v1");
    BOOST_TEST(said.word("messages.1.tool_calls.1.id") == "c2");
    BOOST_TEST(said.word("messages.1.tool_calls.1.function.arguments") == "{}");
    BOOST_TEST(said.word("messages.2.content") == "one");
    BOOST_TEST(said.word("messages.3.content") == "two");
}

BOOST_AUTO_TEST_CASE(what_needs_a_memory_is_refused_by_name) {
    const auto param = [](std::string_view member) {
        return from_responses(std::string{R"({"input":"hi",)"}.append(member).append("}")).param;
    };
    BOOST_TEST(param(R"("previous_response_id":"resp_1")") == "previous_response_id");
    BOOST_TEST(param(R"("conversation":"conv_1")") == "conversation");
    BOOST_TEST(param(R"("store":true)") == "store");
    BOOST_TEST(param(R"("background":true)") == "background");
    const auto made = from_responses(R"({"input":[{"type":"item_reference","id":"msg_1"}]})");
    BOOST_TEST(made.param == "input[0].id");
    BOOST_TEST(made.refusal.find("keeps no answers") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_member_is_named) {
    BOOST_TEST(from_responses(R"({"input":7})").param == "input");
    BOOST_TEST(
        from_responses(R"({"input":[{"role":"boss","content":"x"}]})").param == "input[0].role"
    );
    BOOST_TEST(
        from_responses(R"({"input":[{"type":"function_call","name":"f"}]})").param ==
        "input[0].call_id"
    );
    BOOST_TEST(from_responses(R"({"input":"x","top_p":"1"})").param == "top_p");
    BOOST_TEST(
        from_responses(R"({"input":"x","tools":[{"type":"function"}]})").param == "tools[0].name"
    );
    BOOST_TEST(
        from_responses(R"({"input":"x","tools":[{"type":"computer_use_preview"}]})").param ==
        "tools"
    );
}

BOOST_AUTO_TEST_CASE(flat_tools_formats_and_efforts_are_nested) {
    const auto made = from_responses(
        R"({"input":"x","tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},)"
        R"({"type":"custom","name":"sh"}],"tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,)"
        R"("text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},)"
        R"("reasoning":{"effort":"high","summary":"auto"},"include":["message.output_text.logprobs"],"top_logprobs":2})",
        "openai"
    );
    const auto said = tree(made.body);
    BOOST_TEST(said.word("tools.0.function.name") == "f");
    BOOST_TEST(said.word("tools.1.custom.name") == "sh");
    BOOST_TEST(said.word("tool_choice.function.name") == "f");
    BOOST_TEST(said.word("response_format.json_schema.name") == "n");
    BOOST_TEST(said.word("verbosity") == "low");
    BOOST_TEST(said.word("reasoning_effort") == "high");
    BOOST_TEST(said.word("logprobs") == "true");
    BOOST_TEST(said.word("top_logprobs") == "2");
}

BOOST_AUTO_TEST_CASE(what_hosted_tools_did_is_reported_as_left_out) {
    const auto made = from_responses(
        R"({"input":[{"role":"user","content":"x"},{"type":"web_search_call","id":"ws","status":"completed"}],"truncation":"auto"})"
    );
    BOOST_TEST(made.dropped == "truncation, web_search_call");
}

BOOST_AUTO_TEST_CASE(a_chat_becomes_items) {
    const auto made = to_responses(
        R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b",)"
        R"("reasoning_details":[{"type":"reasoning.summary","summary":"hm","index":0},{"type":"reasoning.encrypted","data":"E==",)"
        R"("id":"rs_1","format":"openai-responses-v1","index":0},{"type":"reasoning.text","text":"x","signature":"s",)"
        R"("format":"anthropic-claude-v1","index":1}],"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
        R"({"role":"tool","tool_call_id":"c","content":"r"}],"max_tokens":3,"stop":"x","seed":1,"reasoning_effort":"low",)"
        R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required"})"
    );
    BOOST_TEST(
        made.body ==
        R"({"model":"m-1","input":[{"type":"message","role":"system","content":[{"type":"input_text","text":"s"}]},)"
        R"({"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]},)"
        R"({"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"E=="},)"
        R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"b"}]},)"
        R"({"type":"function_call","call_id":"c","name":"f","arguments":"{}"},)"
        R"({"type":"function_call_output","call_id":"c","output":"r"}],"store":false,"max_output_tokens":16,)"
        R"("include":["reasoning.encrypted_content"],"tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}],)"
        R"("tool_choice":"required","reasoning":{"effort":"low"}})"
    );
    BOOST_TEST(made.dropped == "stop, seed");
    BOOST_TEST(to_responses(R"({"messages":[{"role":"user","content":"a"}],"n":2})").param == "n");
}

BOOST_AUTO_TEST_CASE(custom_calls_pass_both_ways) {
    const auto body =
        R"({"input":[{"type":"custom_tool_call","call_id":"c","name":"sh","input":"echo \"x\"\n"},)"
        R"({"type":"custom_tool_call_output","call_id":"c","output":"x"}],"tools":[{"type":"custom","name":"sh"}]})";
    BOOST_TEST(
        tree(from_responses(body, "openai").body).word("messages.0.tool_calls.0.custom.input") ==
        "echo \"x\"\n"
    );
    const waist_request back{.from = protocol::responses, .to = protocol::responses};
    const auto said = tree(back.over(body).body);
    BOOST_TEST(said.word("input.0.input") == "echo \"x\"\n");
    BOOST_TEST(said.word("input.1.type") == "custom_tool_call_output");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(responses_answer)

BOOST_AUTO_TEST_CASE(thought_text_and_calls_are_items_with_all_their_events) {
    const auto got = to_a_client().over_three_ways(chat_stream(
        {R"({"reasoning_content":"h\u00f6"})",
         R"({"content":"a \"b\""})",
         R"({"content":"c"})",
         R"({"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]})",
         R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":1}"}}]})"},
        "tool_calls"
    ));
    const std::vector<std::string> expected{
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.reasoning_text.delta",
        "response.reasoning_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed"};
    BOOST_TEST(types_of(got.octets) == expected, boost::test_tools::per_element());
    const auto said = last_response(got.octets);
    BOOST_TEST(said.word("id") == "resp_gen-1-abc");
    BOOST_TEST(said.word("status") == "completed");
    BOOST_TEST(said.word("output.0.content.0.text") == "hö");
    BOOST_TEST(said.word("output.1.content.0.text") == "a \"b\"c");
    BOOST_TEST(said.word("output.2.call_id") == "c1");
    BOOST_TEST(said.word("output.2.arguments") == R"({"x":1})");
    BOOST_TEST(
        said.at("usage")->dump() ==
        R"({"input_tokens":5,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":3,)"
        R"("output_tokens_details":{"reasoning_tokens":2},"total_tokens":8})"
    );
    BOOST_TEST(got.octets.find("[DONE]") == std::string::npos);
    BOOST_TEST(got.octets.starts_with("event: response.created\n"));
}

BOOST_AUTO_TEST_CASE(openrouters_face_names_no_events_ends_with_done_and_has_a_price) {
    const auto got =
        to_a_client(face::openrouter).over_three_ways(chat_stream({R"({"content":"a"})"}, "stop"));
    BOOST_TEST(got.octets.find("event:") == std::string::npos);
    BOOST_TEST(got.octets.ends_with("data: [DONE]\n\n"));
    BOOST_TEST(last_response(got.octets).word("usage.cost") == "0.000011");
    BOOST_TEST(last_response(got.octets).word("id") == "gen-1-abc");
}

BOOST_AUTO_TEST_CASE(a_length_stop_is_incomplete) {
    const auto got = to_a_client().over_three_ways(chat_stream({R"({"content":"a"})"}, "length"));
    const auto said = last_response(got.octets);
    BOOST_TEST(types_of(got.octets).back() == "response.incomplete");
    BOOST_TEST(said.word("incomplete_details.reason") == "max_output_tokens");
    BOOST_TEST(said.word("output.0.status") == "incomplete");
}

BOOST_AUTO_TEST_CASE(interleaved_calls_are_items_one_after_the_other) {
    const auto got = to_a_client().over_three_ways(chat_stream(
        {R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}]})",
         R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{\"y\""}}]})",
         R"({"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]})",
         R"({"content":"late"})",
         R"({"tool_calls":[{"index":1,"function":{"arguments":":2}"}}]})"},
        "tool_calls"
    ));
    const auto said = last_response(got.octets);
    BOOST_TEST(said.word("output.0.arguments") == R"({"x":1})");
    BOOST_TEST(said.word("output.1.arguments") == R"({"y":2})");
    BOOST_TEST(said.word("output.2.content.0.text") == "late");
    std::map<std::string, std::string> arguments;
    for (const auto& payload : payloads(got.octets)) {
        const auto one = tree(payload);
        if (one.word("type") == "response.function_call_arguments.delta")
            arguments[one.word("output_index")] += one.word("delta");
    }
    BOOST_TEST(arguments["0"] == R"({"x":1})");
    BOOST_TEST(arguments["1"] == R"({"y":2})");
    static_cast<void>(types_of(got.octets));
}

BOOST_AUTO_TEST_CASE(a_whole_answer_is_one_object) {
    auto run = to_a_client();
    run.how = delivery::whole;
    const auto got = run.over_three_ways(
        R"({"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"hi","annotations":[{"type":"url_citation",)"
        R"("url_citation":{"url":"https://a.test","title":"A","start_index":0,"end_index":2}}]},"finish_reason":"stop"}],)"
        R"("usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}})"
    );
    const auto said = tree(got.octets);
    BOOST_TEST(said.word("object") == "response");
    BOOST_TEST(
        said.at("output.0.content")->dump() ==
        R"([{"type":"output_text","annotations":[{"type":"url_citation","start_index":0,"end_index":2,"url":"https://a.test","title":"A"}],"logprobs":[],"text":"hi"}])"
    );
}

BOOST_AUTO_TEST_CASE(an_answer_repeats_how_it_was_asked) {
    const auto asked = from_responses(
        R"({"model":"x","input":"hi","instructions":"be \"brief\"","temperature":0.5,"service_tier":"auto","reasoning":{"effort":"low"},)"
        R"("text":{},"tools":[{"type":"function","name":"f"},{"type":"custom","name":"c"}],"metadata":{"a":"b"},"top_p":null})"
    );
    auto run = to_a_client();
    run.settings = asked.settings;
    run.how = delivery::whole;
    const auto said = tree(
        run.over(R"({"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]})")
            .octets
    );
    BOOST_TEST(said.word("instructions") == "be \"brief\"");
    BOOST_TEST(said.word("temperature") == "0.5");
    BOOST_TEST(said.word("top_p") == "1");
    BOOST_TEST(said.word("service_tier") == "default");
    BOOST_TEST(said.word("completed_at") == "1700000000");
    BOOST_TEST(said.at("metadata")->dump() == R"({"a":"b"})");
    BOOST_TEST(said.at("reasoning")->dump() == R"({"effort":"low","summary":null})");
    BOOST_TEST(said.at("text")->dump() == R"({"format":{"type":"text"}})");
    BOOST_TEST(
        said.at("tools")->dump() ==
        R"([{"type":"function","name":"f","parameters":null,"strict":null},{"type":"custom","name":"c"}])"
    );
    run.how = delivery::streamed;
    const auto stream = run.over_three_ways(chat_stream({R"({"content":"hi"})"}, "stop")).octets;
    for (const auto& event : {payloads(stream).front(), payloads(stream).back()})
        BOOST_TEST(tree(event).word("response.temperature") == "0.5");
}

BOOST_AUTO_TEST_CASE(what_an_answer_repeats_is_bounded) {
    const std::string tools = R"([{"type":"function","name":"f","description":")" +
                              std::string(responses::longest_setting, 'x') + "\"}]";
    const auto asked = from_responses(
        R"({"model":"x","input":"hi","temperature":0,"instructions":")" +
        std::string(responses::longest_setting, 'x') + R"(","tools":)" + tools + "}"
    );
    BOOST_TEST(asked.settings.size() < 1024U);
    const auto said = tree("{\"a\":0" + asked.settings + "}");
    BOOST_TEST(said.word("instructions") == "null");
    BOOST_TEST(said.at("tools")->dump() == "[]");
    BOOST_TEST(said.word("temperature") == "0");
}

BOOST_AUTO_TEST_CASE(a_foreign_signature_comes_back_octet_for_octet) {
    auto run = to_a_client();
    run.how = delivery::whole;
    const auto got = run.over(
        R"({"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"hi","reasoning_details":[)"
        R"({"type":"reasoning.text","text":"t","signature":"S:+/=","format":"anthropic-claude-v1","index":0},)"
        R"({"type":"reasoning.encrypted","data":"D==","format":"anthropic-claude-v1","index":1}]},"finish_reason":"stop"}]})"
    );
    const auto output = tree(got.octets).at("output")->dump();
    const auto made =
        from_responses(std::string{R"({"input":)"}.append(output).append("}"), "openrouter");
    BOOST_TEST(
        tree(made.body).at("messages.0.reasoning_details")->dump() ==
        R"([{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"id":"rs_gen-1-abc_0","text":"t","signature":"S:+/="},)"
        R"({"type":"reasoning.encrypted","format":"anthropic-claude-v1","index":1,"id":"rs_gen-1-abc_1","data":"D=="}])"
    );
}

BOOST_AUTO_TEST_CASE(a_responses_stream_is_read) {
    const auto got = from_a_provider().over_three_ways(stream_of(
        {R"({"type":"response.created","response":{"id":"resp_1","model":"m","status":"in_progress","output":[]},"sequence_number":0})",
         R"({"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}})",
         R"({"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"hm"})",
         R"({"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"E=="}})",
         R"({"type":"response.output_text.delta","item_id":"x","output_index":1,"content_index":0,"delta":"hi","logprobs":[]})",
         R"({"type":"response.some_new_event","output_index":1})",
         R"({"type":"response.output_item.added","output_index":2,"item":{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":""}})",
         R"({"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":2,"arguments":"{\"x\":1}"})",
         R"({"type":"response.output_item.done","output_index":2,"item":{"id":"fc_1","type":"function_call","call_id":"c1","name":"f","arguments":"{\"x\":1}"}})",
         R"({"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{"type":"reasoning"},{"type":"message"},{"type":"function_call"}],)"
         R"("usage":{"input_tokens":4,"input_tokens_details":{"cached_tokens":1},"output_tokens":6,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":10}}})"}
    ));
    std::string content;
    std::string reasoning;
    std::string calls;
    std::string finish;
    for (const auto& payload : payloads(got.octets)) {
        if (payload == "[DONE]") continue;
        const auto one = tree(payload);
        const auto* text = one.at("choices.0.delta.content");
        if (text && text->kind == '"') content += one.word("choices.0.delta.content");
        if (const auto* details = one.at("choices.0.delta.reasoning_details"))
            reasoning += details->dump();
        if (const auto* list = one.at("choices.0.delta.tool_calls")) calls += list->dump();
        if (one.word("choices.0.finish_reason") != "null")
            finish = one.word("choices.0.finish_reason");
    }
    BOOST_TEST(content == "hi");
    BOOST_TEST(
        reasoning ==
        R"([{"type":"reasoning.summary","format":"openai-responses-v1","index":0,"summary":"hm"}])"
        R"([{"type":"reasoning.encrypted","format":"openai-responses-v1","index":1,"id":"rs_1","data":"E=="}])"
    );
    BOOST_TEST(
        calls ==
        R"([{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}])"
        R"([{"index":0,"function":{"arguments":"{\"x\":1}"}}])"
    );
    BOOST_TEST(finish == "tool_calls");
    BOOST_TEST(got.finish_reason == "completed");
    BOOST_TEST(got.facts.tokens.prompt == 4U);
    BOOST_TEST(got.facts.tokens.reasoning == 2U);
    BOOST_TEST(got.facts.complete);
}

BOOST_AUTO_TEST_CASE(failures_are_failures_and_a_cut_stream_has_no_end) {
    const auto flat = from_a_provider().over_three_ways(stream_of(
        {R"({"type":"error","code":"rate_limit_exceeded","message":"slow down","param":null})"}
    ));
    BOOST_TEST_REQUIRE(flat.failure.has_value());
    BOOST_TEST((flat.failure->what == error_class::rate));
    const auto nested = from_a_provider().over(stream_of(
        {R"({"type":"error","error":{"type":"server_error","code":"x","message":"broke"}})"}
    ));
    BOOST_TEST(nested.failure.has_value());
    const auto failed = from_a_provider().over(stream_of(
        {R"({"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"broke"}}})"}
    ));
    BOOST_TEST_REQUIRE(failed.failure.has_value());
    BOOST_TEST(failed.failure->message == "broke");
    const auto cut = from_a_provider().over_three_ways(
        stream_of({R"({"type":"response.output_text.delta","output_index":0,"delta":"hi"})"})
    );
    BOOST_TEST(!cut.facts.complete);
    BOOST_TEST(cut.octets.find("[DONE]") == std::string::npos);
    auto whole = from_a_provider();
    whole.how = delivery::whole;
    BOOST_TEST(whole.over(R"({"status":"in_progress","output":[]})").failure.has_value());
    BOOST_TEST(whole.over("[]").failure.has_value());
}

BOOST_AUTO_TEST_CASE(custom_calls_stream_in_their_own_events) {
    waist_run run = to_a_client();
    run.from = protocol::responses;
    const auto got = run.over_three_ways(stream_of(
        {R"({"type":"response.output_item.added","output_index":0,"item":{"id":"x","type":"custom_tool_call","call_id":"c","name":"sh","input":""}})",
         R"({"type":"response.custom_tool_call_input.delta","output_index":0,"delta":"echo \"a\\\\b\"\n"})",
         R"({"type":"response.output_item.done","output_index":0,"item":{"id":"x","type":"custom_tool_call","call_id":"c","name":"sh","input":"echo \"a\\\\b\"\n"}})",
         R"({"type":"response.completed","response":{"status":"completed","output":[]}})"}
    ));
    const auto said = last_response(got.octets);
    BOOST_TEST(said.word("output.0.type") == "custom_tool_call");
    BOOST_TEST(said.word("output.0.input") == "echo \"a\\\\b\"\n");
}

BOOST_AUTO_TEST_CASE(a_problem_in_a_stream_is_an_error_and_a_failed_response) {
    answer_context context;
    context.generation_id = "gen-1";
    const auto text =
        responses::render_stream_problem(make_problem(error_class::rate, "slow \"down\""), context);
    const auto said = payloads(text);
    BOOST_TEST_REQUIRE(said.size() == 2U);
    BOOST_TEST(tree(said[0]).word("type") == "error");
    BOOST_TEST(tree(said[0]).word("message") == "slow \"down\"");
    BOOST_TEST(tree(said[1]).word("response.error.code") == "rate_limit_exceeded");
    BOOST_TEST(tree(said[1]).word("response.tool_choice") == "auto");
}

BOOST_AUTO_TEST_CASE(a_problem_goes_on_with_the_numbers_of_its_stream) {
    auto run = to_a_client();
    run.end = ending::cut;
    const auto got =
        run.over(chat_stream({R"({"content":"a"})", R"({"content":"b"})"}, "stop").substr(0, 150));
    answer_context context;
    context.next_event = got.facts.next_event;
    BOOST_TEST(context.next_event == payloads(got.octets).size());
    const auto end =
        responses::render_stream_problem(make_problem(error_class::rate, "slow"), context);
    const auto types = types_of(got.octets + end);
    BOOST_TEST(types.back() == "response.failed");
    BOOST_TEST(types.size() == context.next_event + 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
