// Cohere through the waist: requests both ways, answers whole and streamed, errors, recordings.
#include "tests/adapters/support/event_log.hpp"
#include "tests/adapters/support/files.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace spillway::testing {

namespace {

namespace fs = std::filesystem;
using namespace adapters;

waist_request::made to_cohere(std::string_view body, std::string_view model = "command-a-03-2025") {
    waist_request run;
    run.provider = "cohere";
    run.to = protocol::cohere;
    run.model = model;
    return run.over(body);
}

waist_request::made
greeting(std::string_view members, std::string_view model = "command-a-03-2025") {
    return to_cohere(
        fmt::format(R"({{"model":"x","messages":[{{"role":"user","content":"hi"}}],{}}})", members),
        model
    );
}

// What follows the greeting in the request.
std::string members_of(const waist_request::made& made) {
    BOOST_TEST(made.refusal == "");
    const std::string_view front =
        R"({"model":"command-a-03-2025","messages":[{"role":"user","content":"hi"}])";
    BOOST_TEST(made.body.starts_with(front), made.body);
    return made.body.substr(front.size());
}

std::string event_text(std::string_view data) {
    return fmt::format("event: x\ndata: {}\n\n", data);
}

std::string stream_of(std::initializer_list<std::string_view> events) {
    std::string all = event_text(
        R"({"type":"message-start","id":"i1","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}})"
    );
    for (const auto one : events)
        all += event_text(one);
    return all + "data: [DONE]\n\n";
}

constexpr std::string_view end_event =
    R"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":7,"output_tokens":8},"tokens":{"input_tokens":70,"output_tokens":11},"cached_tokens":16}}})";

heard whole(std::string_view body) {
    return decoded(protocol::cohere, framing::none, {body});
}

waist_run to_client(delivery how) {
    waist_run run;
    run.to = protocol::cohere;
    run.how = how;
    return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cohere_requests)

BOOST_AUTO_TEST_CASE(roles_calls_and_results_have_cohere_s_form) {
    const auto made = to_cohere(
        R"({"model":"x","messages":[{"role":"developer","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},)"
        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,iVBOR","detail":"low"}}]},)"
        R"({"role":"assistant","content":"I plan","tool_calls":[{"id":"c1","type":"function","function":{"name":"w","arguments":"{\"x\":1}"}}]},)"
        R"({"role":"tool","tool_call_id":"c1","content":""},{"role":"assistant","content":"done"},{"role":"user","content":""}]})"
    );
    BOOST_TEST(
        made.body ==
        R"({"model":"command-a-03-2025","messages":[{"role":"system","content":"s"},{"role":"user","content":[)"
        R"({"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBOR","detail":"low"}}]},)"
        R"({"role":"assistant","tool_plan":"I plan","tool_calls":[{"id":"c1","type":"function","function":{"name":"w","arguments":"{\"x\":1}"}}]},)"
        R"x({"role":"tool","tool_call_id":"c1","content":"(empty)"},)x"
        R"({"role":"assistant","content":[{"type":"text","text":"done"}]}]})"
    );
}

BOOST_AUTO_TEST_CASE(sampling_is_renamed_and_bounded) {
    const auto made = greeting(
        R"("temperature":1.5,"top_p":1,"top_k":7,"frequency_penalty":-1,"presence_penalty":0.50,"seed":9,"max_tokens":5,"stop":["1","2","3","4","5","6"])"
    );
    BOOST_TEST(
        members_of(made) ==
        R"(,"max_tokens":5,"stop_sequences":["1","2","3","4","5"],"temperature":1,"p":0.99,"k":7,)"
        R"("frequency_penalty":0,"presence_penalty":0.50,"seed":9})"
    );
    BOOST_TEST(made.dropped == "stop");
}

BOOST_AUTO_TEST_CASE(a_named_tool_is_the_only_one_and_required) {
    constexpr std::string_view tools =
        R"("tools":[{"type":"function","function":{"name":"a","strict":true,"parameters":{"type":"object"}}},{"type":"function","function":{"name":"b"}}],)";
    BOOST_TEST(
        members_of(greeting(std::string{tools}.append(
            R"("tool_choice":{"type":"function","function":{"name":"a"}})"
        ))) ==
        R"(,"tools":[{"type":"function","function":{"name":"a","parameters":{"type":"object"}}}],"strict_tools":true,"tool_choice":"REQUIRED"})"
    );
    const auto none =
        greeting(std::string{tools}.append(R"("tool_choice":"none","parallel_tool_calls":false)"));
    BOOST_TEST(none.body.ends_with(R"("tool_choice":"NONE"})"));
    BOOST_TEST(none.dropped == "parallel_tool_calls");
    BOOST_TEST(
        greeting(std::string{tools}.append(R"("response_format":{"type":"json_object"})")).param ==
        "response_format"
    );
}

BOOST_AUTO_TEST_CASE(formats_and_thoughts_are_asked_for_where_they_are_known) {
    BOOST_TEST(
        members_of(greeting(
            R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}})"
        )) == R"(,"response_format":{"type":"json_object","json_schema":{"type":"object"}}})"
    );
    const auto thinker = greeting(
        R"("max_tokens":4000,"reasoning":{"effort":"medium"})", "command-a-reasoning-08-2025"
    );
    BOOST_TEST(thinker.body.ends_with(R"("thinking":{"type":"enabled","token_budget":2000}})"));
    BOOST_TEST(greeting(R"("reasoning":{"effort":"medium"})").dropped == "reasoning");
    BOOST_TEST(greeting(R"("n":2)").param == "n");
    BOOST_TEST(
        greeting(R"("logit_bias":{"1":2},"verbosity":"low","odd":1)").dropped ==
        "logit_bias, verbosity, odd"
    );
}

BOOST_AUTO_TEST_CASE(a_client_of_cohere_s_dialect_reaches_others) {
    waist_request run;
    run.from = protocol::cohere;
    const auto made = run.over(
        R"({"model":"x","messages":[{"role":"user","content":"a"},{"role":"assistant","tool_plan":"p","tool_calls":[{"id":"c","type":"function","function":{"name":"w","arguments":"{}"}}]},)"
        R"({"role":"tool","tool_call_id":"c","content":[{"type":"document","document":{"data":{"t":"7"}}}]}],)"
        R"("p":0.5,"k":3,"documents":["d1"],"tools":[{"type":"function","function":{"name":"w"}}],"tool_choice":"REQUIRED","safety_mode":"OFF"})"
    );
    BOOST_TEST(made.refusal == "");
    const auto got = parse_json(made.body);
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->word("messages.0.content") == "d1");
    BOOST_TEST(got->word("messages.2.content") == "p");
    BOOST_TEST(got->word("messages.3.content") == R"({"t":"7"})");
    BOOST_TEST(got->word("top_p") == "0.5");
    BOOST_TEST(got->word("tool_choice") == "required");
    BOOST_TEST(made.dropped == "safety_mode");
    BOOST_TEST(
        run.over(R"({"messages":[{"role":"x","content":"a"}]})").param == "messages[0].role"
    );
    BOOST_TEST(
        run.over(R"({"messages":[{"role":"user","content":"a"}],"tool_choice":"auto"})").param ==
        "tool_choice"
    );
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cohere_answers)

BOOST_AUTO_TEST_CASE(a_stream_of_plan_calls_text_and_citations_is_told_in_order_trap_53) {
    const auto log = decoded_three_ways(
        protocol::cohere,
        framing::events,
        stream_of(
            {R"({"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I"}}})",
             R"({"type":"tool-plan-delta","delta":{"message":{"tool_plan":" will"}}})",
             R"({"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"c1","type":"function","function":{"name":"w","arguments":""}}}}})",
             R"({"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"x\":"}}}}})",
             R"({"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"1}"}}}}})",
             R"({"type":"tool-call-end","index":0})",
             R"({"type":"tool-call-start","index":1,"delta":{"message":{"tool_calls":{"id":"c2","type":"function","function":{"name":"v","arguments":""}}}}})",
             R"({"type":"tool-call-end","index":1})",
             R"({"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}})",
             R"({"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"hm"}}}})",
             R"({"type":"content-end","index":0})",
             R"({"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":""}}}})",
             R"({"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"It is"}}}})",
             R"({"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":2,"text":"It","sources":[{"type":"document","id":"d","document":{"title":"T","url":"https://a.test"}}],"type":"TEXT_CONTENT"}}}})",
             R"({"type":"citation-end","index":0})",
             R"({"type":"content-delta","index":1,"delta":{"message":{"content":{"text":" 7"}}}})",
             R"({"type":"content-end","index":1})",
             end_event}
        )
    );
    BOOST_TEST(
        log.lines ==
        "start i1 \nreasoning/0 I will\ntool_start 0 c1 w\narguments 0 {\\\"x\\\":1}\ntool_end 0\n"
        "tool_start 1 c2 v\narguments 1 {}\ntool_end 1\nreasoning/3 hm\ntext/4 It is\n"
        "citation 0-2 https://a.test T It\ntext/4  7\nfinish tool_calls COMPLETE \n"
        "usage 70+11=81 read 16 written 0 reasoning 0\nend\n"
    );
}

BOOST_AUTO_TEST_CASE(a_whole_answer_says_the_same_and_null_arguments_are_an_object_trap_21) {
    const auto log = whole(
        R"({"id":"i1","finish_reason":"TOOL_CALL","message":{"role":"assistant","tool_plan":"p","tool_calls":[)"
        R"({"id":"c","type":"function","function":{"name":"w","arguments":"null"}}]},"usage":{"billed_units":{"input_tokens":1,"output_tokens":2}}})"
    );
    BOOST_TEST(
        log.lines == "start i1 \nreasoning/0 p\ntool_start 0 c w\narguments 0 {}\ntool_end 0\n"
                     "finish tool_calls TOOL_CALL \nusage 1+2=3 read 0 written 0 reasoning 0\nend\n"
    );
}

BOOST_AUTO_TEST_CASE(errors_inside_answers_fail_them) {
    const auto ended = [](std::string_view delta) {
        return decoded(
            protocol::cohere,
            framing::events,
            {event_text(fmt::format(R"({{"type":"message-end","delta":{}}})", delta))}
        );
    };
    const auto failed = ended(R"({"finish_reason":"ERROR","error":"it \"broke\""})");
    BOOST_TEST_REQUIRE(failed.failed.has_value());
    BOOST_TEST(failed.failed->message == "it \"broke\"");
    BOOST_TEST(!failed.has_ended);
    BOOST_TEST(ended(R"({"finish_reason":"TIMEOUT"})").failed->status == 504);
    for (const std::string_view body : {"", "{}", "[]", R"({"message":"no"})"})
        BOOST_TEST(whole(body).failed.has_value(), body);
}

BOOST_AUTO_TEST_CASE(every_error_has_its_class) {
    struct row {
        std::uint16_t status;
        std::string_view body;
        std::string_view what;
        std::uint16_t ours;
    };
    for (const row& one : std::initializer_list<row>{
             {400,
              R"({"message":"too many tokens: 9","error_type":"TOO_MANY_TOKENS"})",
              "context_length",
              400},
             {400, R"({"message":"invalid request"})", "bad_request", 400},
             {401, R"({"message":"no api key supplied"})", "auth", 502},
             {402, R"({"message":"pay"})", "quota", 502},
             {404, R"({"message":"model 'x' not found"})", "not_found", 404},
             {422, R"({"message":"x"})", "bad_request", 422},
             {429, R"({"message":"trial key: 20 API calls / minute"})", "rate", 429},
             {429, R"({"message":"trial key: 1000 API calls / month"})", "quota", 502},
             {498, R"({"message":"invalid token"})", "auth", 502},
             {499, "", "overload", 503},
             {500, R"({"message":"x"})", "upstream_fault", 500},
             {503, R"({"message":"x"})", "overload", 503}}) {
        answer_head head;
        head.status = one.status;
        const auto why = canonical::codec_of(protocol::cohere)
                             .explain(head, one.body, *find_row("cohere"), "Cohere");
        BOOST_TEST(name_of(why.what) == one.what, one.body);
        BOOST_TEST(why.status == one.ours, one.body);
        BOOST_TEST(why.upstream_status == one.status);
    }
    const auto why = make_problem(error_class::rate, "slow");
    const auto& codec = canonical::codec_of(protocol::cohere);
    BOOST_TEST(codec.render_problem(why, face::openai, {}) == R"({"message":"slow"})");
    BOOST_TEST(
        codec.render_stream_problem(why, {}) ==
        "event: message-end\ndata: "
        "{\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"ERROR\",\"error\":\"slow\"}}\n\n"
    );
}

constexpr std::string_view chat_stream =
    "data: "
    "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}"
    "\n\n"
    "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"h\"}}]}\n\n"
    "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"
    "data: "
    "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\","
    "\"type\":\"function\","
    "\"function\":{\"name\":\"w\",\"arguments\":\"{}\"}}]}}]}\n\n"
    "data: "
    "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n"
    "data: "
    "{\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2,\"total_"
    "tokens\":6}}\n\n"
    "data: [DONE]\n\n";

BOOST_AUTO_TEST_CASE(a_client_s_stream_reads_back_as_it_was_said) {
    const auto got = to_client(delivery::streamed).over_three_ways(chat_stream);
    BOOST_TEST(got.octets.ends_with("data: [DONE]\n\n"));
    const auto log = decoded(protocol::cohere, framing::events, {got.octets});
    BOOST_TEST(
        log.lines ==
        "start gen-1-abc \nreasoning/0 h\ntext/1 a\ntool_start 0 c1 w\narguments 0 {}\ntool_end 0\n"
        "finish tool_calls TOOL_CALL \nusage 4+2=6 read 0 written 0 reasoning 0\nend\n"
    );
}

BOOST_AUTO_TEST_CASE(a_client_s_whole_answer_has_every_member) {
    const auto got =
        to_client(delivery::whole)
            .over(
                R"({"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"a","tool_calls":[)"
                R"({"id":"c1","type":"function","function":{"name":"w","arguments":"{}"}}]},"finish_reason":"tool_calls"}],)"
                R"("usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}})"
            );
    BOOST_TEST(
        got.octets ==
        R"({"id":"gen-1-abc","finish_reason":"TOOL_CALL","message":{"role":"assistant","content":[{"type":"text","text":"a"}],)"
        R"("tool_calls":[{"id":"c1","type":"function","function":{"name":"w","arguments":"{}"}}]},"usage":{)"
        R"("billed_units":{"input_tokens":4,"output_tokens":2},"tokens":{"input_tokens":4,"output_tokens":2},"cached_tokens":0}})"
    );
}

BOOST_AUTO_TEST_CASE(recorded_chats_decode_to_their_end) {
    const fs::path folder{"../shared/recordings/cohere"};
    if (!fs::exists(folder)) {
        BOOST_TEST_MESSAGE("skipped: ../shared/recordings/cohere is not here");
        return;
    }
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator{folder}) {
        const auto file = entry.path().filename().string();
        const bool is_chat = file.starts_with("chat-") || file.starts_with("fixture-") ||
                             file.starts_with("truncated-");
        const bool is_other = file.contains(".req.") || file.starts_with("chat-v1") ||
                              file.contains("error") || file.contains("embedding");
        if (!is_chat || is_other) continue;
        const bool streams = file.ends_with(".sse");
        const auto body = read_file(entry.path());
        const auto log =
            streams ? decoded_three_ways(protocol::cohere, framing::events, body) : whole(body);
        BOOST_TEST(!log.failed.has_value(), file);
        BOOST_TEST(log.has_ended == !file.starts_with("truncated-"), file);
        BOOST_TEST(log.tokens.total == log.tokens.prompt + log.tokens.completion, file);
        ++count;
    }
    BOOST_TEST_MESSAGE("cohere recordings: " << count);
    BOOST_TEST(count > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
