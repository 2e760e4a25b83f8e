// Anthropic's answers as events: streams, whole bodies, Bedrock's frames, errors.
#include "adapters/canonical/codec.hpp"
#include "adapters/registry.hpp"
#include "tests/adapters/support/event_frames.hpp"
#include "tests/adapters/support/event_log.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace spillway::testing {

namespace {

using namespace adapters;

std::string event_text(std::string_view data) {
    const auto type = data.substr(9, data.find('"', 9) - 9);  // behind {"type":"
    return fmt::format("event: {}\ndata: {}\n\n", type, data);
}

std::string stream_of(std::initializer_list<std::string_view> events) {
    std::string all = event_text(
        R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
        R"("model":"claude-x","stop_reason":null,"usage":{"input_tokens":10,"cache_read_input_tokens":3,"output_tokens":1}}})"
    );
    for (const auto one : events)
        all += event_text(one);
    return all;
}

constexpr std::string_view stop_event = R"({"type":"message_stop"})";

heard streamed(std::initializer_list<std::string_view> events) {
    return decoded_three_ways(protocol::messages, framing::events, stream_of(events));
}

heard whole(std::string_view body) {
    return decoded(protocol::messages, framing::none, {body});
}

problem explained(std::uint16_t status, std::string_view body) {
    answer_head head;
    head.status = status;
    return canonical::codec_of(protocol::messages)
        .explain(head, body, *find_row("anthropic"), "Anthropic");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(messages_decoder)

BOOST_AUTO_TEST_CASE(a_stream_of_thoughts_text_and_calls_is_told_in_order) {
    const auto log = streamed(
        {R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})",
         R"({"type":"ping"})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h\u00e9"}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Si\/g=="}})",
         R"({"type":"content_block_stop","index":0})",
         R"({"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"Enc="}})",
         R"({"type":"content_block_stop","index":1})",
         R"({"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}})",
         R"({"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"a\n"}})",
         R"({"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"b"}})",
         R"({"type":"content_block_stop","index":2})",
         R"({"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1","name":"w","input":{}}})",
         R"({"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}})",
         R"({"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"x\""}})",
         R"({"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":":1}"}})",
         R"({"type":"content_block_stop","index":3})",
         R"({"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"t2","name":"v","input":{}}})",
         R"({"type":"content_block_stop","index":4})",
         R"({"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":20,"output_tokens_details":{"thinking_tokens":5}}})",
         stop_event}
    );
    BOOST_TEST(
        log.lines == "start msg_1 claude-x\n"
                     "reasoning/0 h\\u00e9\n"
                     "signature/0 anthropic-claude-v1 Si\\/g==\n"
                     "encrypted/1 anthropic-claude-v1 Enc=\n"
                     "text/2 a\\nb\n"
                     "tool_start 0 t1 w\n"
                     "arguments 0 {\\\"x\\\":1}\n"
                     "tool_end 0\n"
                     "tool_start 1 t2 v\n"
                     "arguments 1 {}\n"
                     "tool_end 1\n"
                     "finish tool_calls tool_use \n"
                     "usage 13+20=33 read 3 written 0 reasoning 5\n"
                     "end\n"
    );
}

BOOST_AUTO_TEST_CASE(a_whole_answer_says_what_the_stream_says) {
    const auto log = whole(
        R"({"id":"msg_1","type":"message","model":"claude-x","content":[{"type":"thinking","thinking":"h","signature":"S"},)"
        R"({"type":"text","text":"a"},{"type":"tool_use","id":"t1","name":"a_x2e_b","input":{"x": "\"é"}},)"
        R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}},)"
        R"({"type":"tool_use","id":"t2","name":"v","input":{}}],)"
        R"("stop_reason":"end_turn","usage":{"input_tokens":1,"cache_creation_input_tokens":null,"output_tokens":2}})"
    );
    BOOST_TEST(
        log.lines ==
        "start msg_1 claude-x\nreasoning/0 h\nsignature/0 anthropic-claude-v1 S\ntext/1 a\n"
        "tool_start 0 t1 a.b\narguments 0 {\\\"x\\\": \\\"\\\\\\\"é\\\"}\ntool_end 0\n"
        "tool_start 1 t2 v\narguments 1 {}\ntool_end 1\nfinish tool_calls end_turn \n"
        "usage 1+2=3 read 0 written 0 reasoning 0\nend\n"
    );
}

BOOST_AUTO_TEST_CASE(an_empty_thought_keeps_its_signature_trap_9) {
    const auto log = streamed(
        {R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"S"}})",
         R"({"type":"content_block_stop","index":0})"}
    );
    BOOST_TEST(log.lines == "start msg_1 claude-x\nsignature/0 anthropic-claude-v1 S\n");
}

BOOST_AUTO_TEST_CASE(later_usage_overwrites_and_null_says_nothing_traps_1_2_7) {
    const auto log = streamed(
        {R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":20,"cache_read_input_tokens":null,"cache_creation_input_tokens":4,"output_tokens":9}})",
         stop_event}
    );
    BOOST_TEST(log.tokens.prompt == 27U);
    BOOST_TEST(log.tokens.cached_read == 3U);
    BOOST_TEST(log.tokens.cache_write == 4U);
    BOOST_TEST(log.tokens.completion == 9U);
    BOOST_TEST(log.tokens.total == 36U);
}

BOOST_AUTO_TEST_CASE(compaction_is_counted_and_a_fallback_stands_for_all) {
    const auto with = [](std::string_view iterations) {
        return whole(
                   fmt::format(
                       R"({{"type":"message","content":[],"stop_reason":"end_turn","usage":{{"input_tokens":5,"output_tokens":6,"iterations":{}}}}})",
                       iterations
                   )
        )
            .tokens;
    };
    const auto compacted = with(
        R"([{"type":"compaction","input_tokens":100,"output_tokens":10},{"type":"message","input_tokens":5,"output_tokens":6},{"type":"advisor_message","input_tokens":1000,"output_tokens":1}])"
    );
    BOOST_TEST(compacted.prompt == 105U);
    BOOST_TEST(compacted.completion == 16U);
    const auto fallen = with(
        R"([{"type":"message","input_tokens":3,"output_tokens":0},{"type":"fallback_message","input_tokens":5,"output_tokens":6}])"
    );
    BOOST_TEST(fallen.total == 11U);
}

BOOST_AUTO_TEST_CASE(every_stop_reason_has_its_finish) {
    struct row {
        std::string_view word;
        std::string_view finish;
    };
    for (const row& one : std::initializer_list<row>{
             {"end_turn", "stop end_turn"},
             {"stop_sequence", "stop stop_sequence"},
             {"pause_turn", "stop pause_turn"},
             {"max_tokens", "length max_tokens"},
             {"model_context_window_exceeded", "length model_context_window_exceeded"},
             {"refusal", "content_filter refusal"},
             {"tool_use", "stop tool_use"},
             {"newer", "stop newer"}}) {
        const auto log =
            whole(fmt::format(R"({{"type":"message","content":[],"stop_reason":"{}"}})", one.word));
        BOOST_TEST(log.finish == one.finish);
        BOOST_TEST(log.has_ended);
    }
}

BOOST_AUTO_TEST_CASE(a_call_wins_over_end_turn_but_not_over_the_limit_trap_23) {
    const auto finish = [](std::string_view word) {
        return whole(
                   fmt::format(
                       R"({{"type":"message","content":[{{"type":"tool_use","id":"t","name":"w","input":{{}}}}],"stop_reason":"{}"}})",
                       word
                   )
        )
            .finish;
    };
    BOOST_TEST(finish("end_turn") == "tool_calls end_turn");
    BOOST_TEST(finish("max_tokens") == "length max_tokens");
}

BOOST_AUTO_TEST_CASE(a_refusal_tells_why) {
    const auto log = whole(
        R"({"type":"message","content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","explanation":"No."}})"
    );
    BOOST_TEST(log.lines == "start  \nrefusal/0 No.\nfinish content_filter refusal \nend\n");
}

BOOST_AUTO_TEST_CASE(the_structured_tools_input_is_the_answer_trap_25) {
    const auto log = streamed(
        {R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"spillway_structured_answer","input":{}}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":":1}"}})",
         R"({"type":"content_block_stop","index":0})",
         R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}})",
         stop_event}
    );
    BOOST_TEST(log.text == R"({\"a\":1})");
    BOOST_TEST(log.finish == "stop tool_use");
    const auto list = whole(
        R"({"type":"message","content":[{"type":"tool_use","id":"t","name":"spillway_structured_value","input":{"value":["a"]}}],"stop_reason":"tool_use"})"
    );
    BOOST_TEST(list.text == R"([\"a\"])");
    BOOST_TEST(list.finish == "stop tool_use");
}

BOOST_AUTO_TEST_CASE(citations_name_the_text_they_stand_on) {
    const auto log = streamed(
        {R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é\ud83d\ude00\n"}})",
         R"({"type":"content_block_stop","index":0})",
         R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":[]}})",
         R"({"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"web_search_result_location","cited_text":"c","url":"https://a.test","title":"T","encrypted_index":"E"}}})",
         R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"four"}})",
         R"({"type":"content_block_stop","index":1})"}
    );
    BOOST_TEST(log.lines.ends_with("text/1 four\ncitation 3-7 https://a.test T c\n"), log.lines);
}

BOOST_AUTO_TEST_CASE(unknown_blocks_deltas_and_events_are_passed_over) {
    const auto log = streamed(
        {R"({"type":"tomorrow","x":1})",
         R"({"type":"content_block_start","index":0,"content_block":{"type":"hologram","text":"x"}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}})",
         R"({"type":"content_block_stop","index":0})",
         R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":"a"}})",
         R"({"type":"content_block_delta","index":1,"delta":{"type":"light_delta","text":"x"}})",
         R"({"type":"content_block_stop","index":1})",
         R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})",
         stop_event}
    );
    BOOST_TEST(log.text == "a");
    BOOST_TEST(log.has_ended);
}

BOOST_AUTO_TEST_CASE(nothing_but_message_stop_ends_an_answer_trap_45) {
    const auto log = streamed(
        {R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})"}
    );
    BOOST_TEST(!log.has_ended);
    BOOST_TEST(!log.failed.has_value());
}

BOOST_AUTO_TEST_CASE(a_second_message_start_is_the_same_one_or_a_fault) {
    BOOST_TEST(
        !streamed({R"({"type":"message_start","message":{"id":"msg_1"}})"}).failed.has_value()
    );
    BOOST_TEST(streamed({R"({"type":"message_start","message":{"id":"msg_2"}})"}).failed.has_value()
    );
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_stream_fails_it_by_its_type_trap_44) {
    struct row {
        std::string_view type;
        error_class what;
        int status;
    };
    for (const row& one : std::initializer_list<row>{
             {"overloaded_error", error_class::overload, 503},
             {"rate_limit_error", error_class::rate, 429},
             {"api_error", error_class::upstream_fault, 500},
             {"timeout_error", error_class::timeout, 504},
             {"billing_error", error_class::quota, 502}}) {
        const auto log = decoded(
            protocol::messages,
            framing::events,
            {event_text(fmt::format(
                R"({{"type":"error","error":{{"type":"{}","message":"No"}}}})", one.type
            ))}
        );
        BOOST_TEST_REQUIRE(log.failed.has_value());
        BOOST_TEST(name_of(log.failed->what) == name_of(one.what));
        BOOST_TEST(log.failed->status == one.status);
        BOOST_TEST(log.failed->message == "No");
    }
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_answer_fail) {
    for (const std::string_view body :
         {"", "x", "{}", "[]", R"({"content":"a"})", R"({"type":"error"})"}) {
        const auto log = whole(body);
        BOOST_TEST(log.failed.has_value(), body);
        BOOST_TEST(!log.has_ended, body);
    }
}

BOOST_AUTO_TEST_CASE(a_count_of_tokens_is_an_answer) {
    const auto log = whole(R"({"input_tokens":2095})");
    BOOST_TEST(log.tokens.prompt == 2095U);
    BOOST_TEST(log.has_ended);
}

BOOST_AUTO_TEST_CASE(bedrocks_exceptions_fail_trap_46) {
    const auto& codec = canonical::codec_of(protocol::messages);
    const auto decoder = codec.make_decoder({*find_row("amazon-bedrock-claude"), "Bedrock"});
    event_log log;
    const padded_text what{R"({"message":"slow down"})"};
    decoder->next({"throttlingException", what.view(), true}, log);
    BOOST_TEST_REQUIRE(log.failed.has_value());
    BOOST_TEST(name_of(log.failed->what) == "rate");
    BOOST_TEST(log.failed->message == "slow down");
}

BOOST_AUTO_TEST_CASE(bedrocks_frames_become_anthropics_events_trap_33) {
    waist_run run;
    run.provider = "amazon-bedrock-claude";
    run.from = protocol::messages;
    run.to = protocol::messages;
    run.frames = framing::event_stream;
    // {"type":"message_start",…"usage":{"input_tokens":1}}}, a text block with "hi", message_delta, message_stop
    const outcome got = run.over_three_ways(event_frames(
        R"(chunk {"bytes":"eyJ0eXBlIjoibWVzc2FnZV9zdGFydCIsIm1lc3NhZ2UiOnsiaWQiOiJtc2dfMSIsInVzYWdlIjp7ImlucHV0X3Rva2VucyI6MX19fQ==","p":"abc"})"
        "\n"
        R"(chunk {"bytes":"eyJ0eXBlIjoiY29udGVudF9ibG9ja19zdGFydCIsImluZGV4IjowLCJjb250ZW50X2Jsb2NrIjp7InR5cGUiOiJ0ZXh0IiwidGV4dCI6ImhpIn19"})"
        "\n"
        R"(chunk {"bytes":"eyJ0eXBlIjoiY29udGVudF9ibG9ja19zdG9wIiwiaW5kZXgiOjB9"})"
        "\n"
        R"(chunk {"bytes":"eyJ0eXBlIjoibWVzc2FnZV9kZWx0YSIsImRlbHRhIjp7InN0b3BfcmVhc29uIjoiZW5kX3R1cm4ifSwidXNhZ2UiOnsib3V0cHV0X3Rva2VucyI6Mn19"})"
        "\n"
        R"(chunk {"bytes":"eyJ0eXBlIjoibWVzc2FnZV9zdG9wIiwiYW1hem9uLWJlZHJvY2staW52b2NhdGlvbk1ldHJpY3MiOnt9fQ=="})"
    ));
    BOOST_TEST(!got.failure.has_value());
    BOOST_TEST(got.facts.complete);
    BOOST_TEST(got.facts.tokens.completion == 2U);
    BOOST_TEST(got.octets.starts_with("event: message_start\n"), got.octets);
    BOOST_TEST(got.octets.contains(R"("text":"hi")"), got.octets);
    BOOST_TEST(got.octets.contains("event: message_stop\n"), got.octets);
    const outcome bad = run.over(event_frames(R"(chunk {"bytes":"*"})"));
    BOOST_TEST(bad.failure.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(messages_errors)

BOOST_AUTO_TEST_CASE(every_error_of_the_table_has_its_class_and_our_status) {
    struct row {
        std::uint16_t status;
        std::string_view type;
        std::string_view message;
        std::string_view what;
        std::uint16_t ours;
    };
    for (const row& one : std::initializer_list<row>{
             {400, "invalid_request_error", "messages: x", "bad_request", 400},
             {400,
              "invalid_request_error",
              "prompt is too long: 2 tokens > 1 maximum",
              "context_length",
              400},
             {400,
              "invalid_request_error",
              "input length and `max_tokens` exceed context limit",
              "context_length",
              400},
             {400, "invalid_request_error", "Your credit balance is too low", "quota", 502},
             {401, "authentication_error", "invalid x-api-key", "auth", 502},
             {402, "billing_error", "x", "quota", 502},
             {403, "permission_error", "x", "permission", 502},
             {404, "not_found_error", "model: x", "not_found", 404},
             {413, "request_too_large", "x", "too_large", 413},
             {429, "rate_limit_error", "x", "rate", 429},
             {500, "api_error", "x", "upstream_fault", 500},
             {504, "timeout_error", "x", "timeout", 504},
             {529, "overloaded_error", "Overloaded", "overload", 503}}) {
        const auto why = explained(
            one.status,
            fmt::format(
                R"({{"type":"error","error":{{"type":"{}","message":"{}"}},"request_id":"r"}})",
                one.type,
                one.message
            )
        );
        BOOST_TEST(name_of(why.what) == one.what, one.message);
        BOOST_TEST(why.status == one.ours, one.message);
        BOOST_TEST(why.message == one.message);
        BOOST_TEST(why.type == one.type);
    }
    BOOST_TEST(
        name_of(explained(
                    429, R"({"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}})"
        )
                    .what) == "rate"
    );
    BOOST_TEST(
        name_of(explained(400, R"({"message":"Input is too long for requested model."})").what) ==
        "context_length"
    );
}

BOOST_AUTO_TEST_CASE(problems_are_told_in_anthropics_envelope) {
    const auto& codec = canonical::codec_of(protocol::messages);
    auto why = make_problem(error_class::rate, "Slow \"down\"");
    BOOST_TEST(
        codec.render_problem(why, face::openai, "gen-1") ==
        R"({"type":"error","error":{"type":"rate_limit_error","message":"Slow \"down\""},"request_id":"gen-1"})"
    );
    answer_context context;
    context.generation_id = "gen-1";
    context.side = face::openrouter;
    BOOST_TEST(
        codec.render_stream_problem(why, context) ==
        "event: error\ndata: "
        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow "
        "\\\"down\\\"\",\"error_type\":\"rate_limit_exceeded\"},\"request_id\":\"gen-1\"}\n\n"
    );
    auto full = make_problem(
        error_class::context_length,
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens."
    );
    BOOST_TEST(codec.render_problem(full, face::openai, {})
                   .contains("prompt is too long: 9000 tokens > 8192 maximum"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
