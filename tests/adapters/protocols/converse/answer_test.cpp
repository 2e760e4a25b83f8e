// Answers of Converse on both sides of the waist, whole and streamed, and its errors.
#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/converse/text_delta.hpp"
#include "tests/adapters/support/event_frames.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;
using namespace std::chrono_literals;

json_tree tree(std::string_view text) {
    auto read = parse_json(text);
    BOOST_TEST_REQUIRE(read.has_value(), "no JSON: " << text);
    return *read;
}

waist_run run_of(protocol from, protocol to, delivery how) {
    waist_run run;
    run.provider = from == protocol::converse ? "amazon-bedrock" : "custom";
    run.from = from;
    run.to = to;
    run.how = how;
    run.frames = from == protocol::converse ? framing::event_stream : framing::events;
    run.side = face::openai;
    return run;
}

// Frames of Converse as a client of Converse gets them: what passed the waist, in lines.
std::string relayed(std::string_view lines, ending end = ending::complete) {
    waist_run run = run_of(protocol::converse, protocol::converse, delivery::streamed);
    run.end = end;
    const outcome out = run.over_three_ways(event_frames(lines));
    const std::string failed = out.failure ? "failed: " + out.failure->message + "\n" : "";
    return event_lines(out.octets) + failed + (out.facts.complete ? "complete" : "incomplete");
}

std::string relayed_whole(std::string_view body) {
    const outcome out =
        run_of(protocol::converse, protocol::converse, delivery::whole).over_three_ways(body);
    return out.failure ? "failed: " + out.failure->message : out.octets;
}

// A Chat Completions stream as a client of Converse gets it.
std::string from_chat(std::string_view stream) {
    const outcome out =
        run_of(protocol::chat, protocol::converse, delivery::streamed).over_three_ways(stream);
    return event_lines(out.octets) + (out.facts.complete ? "complete" : "incomplete");
}

constexpr std::string_view start = "messageStart {\"role\":\"assistant\"}\n";
constexpr std::string_view no_usage =
    R"("usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}})";
constexpr std::string_view told_usage =
    R"("usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3,"cacheReadInputTokens":0,"cacheWriteInputTokens":0},"metrics":{"latencyMs":0}})";

std::string text_of(std::initializer_list<std::string_view> lines) {
    std::string all;
    for (const std::string_view line : lines)
        all.append(line);
    return all;
}

std::string ended(std::string_view reason) {
    return std::string{"messageStop {\"stopReason\":\""}
        .append(reason)
        .append("\"}\nmetadata {")
        .append(told_usage)
        .append("\ncomplete");
}

problem explained(std::uint16_t status, std::string_view type, std::string_view body) {
    const head_field_view field{"X-Amzn-ErrorType", type};
    answer_head head;
    head.status = status;
    head.fields = std::span{&field, type.empty() ? 0U : 1U};
    head.now = std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + 23h;
    return converse::explain(head, body, *find_row("amazon-bedrock"), "Bedrock");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(converse_decoder)

BOOST_AUTO_TEST_CASE(a_stream_ends_with_its_metadata) {  // trap 4
    BOOST_TEST(
        relayed(text_of(
            {R"(messageStart {"role":"assistant","p":"abcd"})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Hé\n"},"p":"ab"})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"llo"}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             R"(messageStop {"stopReason":"end_turn"})",
             "\n",
             "metadata {",
             no_usage}
        )) ==
        text_of(
            {start,
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Hé\n"}})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"llo"}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             ended("end_turn")}
        )
    );
}

BOOST_AUTO_TEST_CASE(the_short_way_of_reading_a_text_takes_nothing_the_long_way_does_not) {
    const auto read = [](std::string_view payload) {
        const padded_text padded{payload};
        const auto found = converse::read_text_delta(padded.view());
        return found ? std::to_string(found->index) + ":" + std::string{found->text.raw} : "none";
    };
    BOOST_TEST(read(R"({"contentBlockIndex":0,"delta":{"text":"a\"b"}})") == R"(0:a\"b)");
    BOOST_TEST(read(R"({"contentBlockIndex":42,"delta":{"text":""},"p":"abc"})") == "42:");
    for (const std::string_view other :
         {R"({"contentBlockIndex":0,"delta":{"text":"a"})",
          R"({"contentBlockIndex":0,"delta":{"text":"a"}}})",
          R"({"contentBlockIndex":0,"delta":{"text":"a)",
          R"({"contentBlockIndex":00,"delta":{"text":"a"}})",
          R"({"contentBlockIndex":,"delta":{"text":"a"}})",
          R"({"contentBlockIndex":0,"delta":{"text":"a\x"}})",
          R"({"contentBlockIndex":0,"delta":{"text":7}})",
          R"({"contentBlockIndex":0,"delta":{"text":"a"},"p":"x","q":1})",
          "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"\xff\"}}"}) {
        BOOST_TEST(read(other) == "none", other);
    }
}

BOOST_AUTO_TEST_CASE(without_metadata_the_end_of_the_body_ends_it_and_usage_is_a_guess) {
    const std::string frames = event_frames(text_of(
        {start,
         R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}})",
         "\n",
         R"(messageStop {"stopReason":"end_turn"})"}
    ));
    waist_run run = run_of(protocol::converse, protocol::chat, delivery::streamed);
    const outcome whole = run.over_three_ways(frames);
    BOOST_TEST(whole.facts.complete);
    BOOST_TEST(!whole.facts.tokens.present);
    BOOST_TEST(whole.octets.contains("\"usage\":{\"prompt_tokens\":10"));
    run.end = ending::cut;
    BOOST_TEST(!run.over_three_ways(frames).facts.complete);
}

BOOST_AUTO_TEST_CASE(without_message_stop_it_is_cut) {  // trap 45
    const std::string lines =
        text_of({start, R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}})", "\n"});
    const std::string kept = text_of({lines, "incomplete"});
    BOOST_TEST(relayed(lines) == kept);
    BOOST_TEST(relayed(text_of({lines, "metadata {", no_usage})) == kept);
    waist_run run = run_of(protocol::converse, protocol::chat, delivery::streamed);
    const std::string frames =
        event_frames(text_of({lines, R"(messageStop {"stopReason":"end_turn"})"}));
    const outcome torn = run.over_three_ways(frames + std::string(5, '\0'));
    BOOST_TEST(!torn.facts.complete);
    BOOST_TEST(torn.failure.has_value());
}

BOOST_AUTO_TEST_CASE(calls_in_parallel_keep_their_arguments_apart) {  // traps 18, 19, 21
    const std::string frames = event_frames(text_of(
        {start,
         R"(contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"a","name":"f"}}})",
         "\n",
         R"(contentBlockStart {"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"b","name":"g"}}})",
         "\n",
         R"(contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"x\""}}})",
         "\n",
         R"(contentBlockDelta {"contentBlockIndex":3,"delta":{"toolUse":{"input":""}}})",
         "\n",
         R"(contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":":1}"}}})",
         "\n",
         R"(contentBlockStop {"contentBlockIndex":3})",
         "\n",
         R"(contentBlockStop {"contentBlockIndex":1})",
         "\n",
         R"(messageStop {"stopReason":"tool_use"})",
         "\n",
         "metadata {",
         no_usage}
    ));
    const outcome out =
        run_of(protocol::converse, protocol::converse, delivery::streamed).over_three_ways(frames);
    BOOST_TEST(
        event_lines(out.octets) ==
        text_of(
            {start,
             R"(contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"f"}}})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"x\""}}})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":":1}"}}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             R"(contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"b","name":"g"}}})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{}"}}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":1})",
             "\n",
             R"(messageStop {"stopReason":"tool_use"})",
             "\nmetadata {",
             told_usage,
             "\n"}
        )
    );
}

BOOST_AUTO_TEST_CASE(a_call_makes_the_finish_a_call_whatever_the_word) {  // trap 23
    const outcome out =
        run_of(protocol::converse, protocol::chat, delivery::whole)
            .over_three_ways(
                R"({"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":{"a":[1,2]}}}]}},)"
                R"("stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":3}})"
            );
    const auto got = tree(out.octets);
    BOOST_TEST(got.word("choices.0.finish_reason") == "tool_calls");
    BOOST_TEST(got.word("choices.0.message.tool_calls.0.id") == "t");
    BOOST_TEST(got.word("choices.0.message.tool_calls.0.function.arguments") == R"({"a":[1,2]})");
}

BOOST_AUTO_TEST_CASE(cached_tokens_are_part_of_the_prompt_and_counted_once) {  // traps 1, 6, 7
    const outcome out =
        run_of(protocol::converse, protocol::chat, delivery::whole)
            .over_three_ways(
                R"({"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"end_turn",)"
                R"("usage":{"inputTokens":3,"outputTokens":5,"totalTokens":38,"cacheReadInputTokens":10,)"
                R"("cacheReadInputTokenCount":10,"cacheWriteInputTokens":20,"cacheWriteInputTokenCount":20},"metrics":{}})"
            );
    const usage& tokens = out.facts.tokens;
    BOOST_TEST(tokens.prompt == 33U);
    BOOST_TEST(tokens.completion == 5U);
    BOOST_TEST(tokens.total == 38U);
    BOOST_TEST(tokens.cached_read == 10U);
    BOOST_TEST(tokens.cache_write == 20U);
    const outcome null =
        run_of(protocol::converse, protocol::chat, delivery::whole)
            .over(R"({"output":{"message":{"content":[]}},"stopReason":"end_turn",)"
                  R"("usage":{"inputTokens":3,"cacheReadInputTokens":null}})");
    BOOST_TEST(null.facts.tokens.total == 3U);
    BOOST_TEST(null.facts.complete);
}

BOOST_AUTO_TEST_CASE(the_prompt_is_taken_apart_again_on_the_way_out) {  // trap 1
    BOOST_TEST(
        relayed_whole(
            R"({"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"max_tokens",)"
            R"("usage":{"inputTokens":3,"outputTokens":5,"totalTokens":38,"cacheReadInputTokens":10,"cacheWriteInputTokens":20}})"
        ) ==
        R"({"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"max_tokens",)"
        R"("usage":{"inputTokens":3,"outputTokens":5,"totalTokens":38,"cacheReadInputTokens":10,"cacheWriteInputTokens":20},)"
        R"("metrics":{"latencyMs":0}})"
    );
}

BOOST_AUTO_TEST_CASE(thoughts_keep_their_blocks_and_signatures) {
    const std::string lines = text_of(
        {start,
         R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}})",
         "\n",
         R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s+/="}}})",
         "\n",
         R"(contentBlockStop {"contentBlockIndex":0})",
         "\n",
         R"(contentBlockDelta {"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"AA=="}}})",
         "\n",
         R"(contentBlockStop {"contentBlockIndex":1})",
         "\n",
         R"(contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"a"}})",
         "\n",
         R"(contentBlockStop {"contentBlockIndex":2})",
         "\n"}
    );
    BOOST_TEST(
        relayed(text_of(
            {lines, R"(messageStop {"stopReason":"end_turn"})", "\n", "metadata {", no_usage}
        )) == text_of({lines, ended("end_turn")})
    );
    constexpr std::string_view content =
        R"({"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}},)"
        R"({"reasoningContent":{"redactedContent":"AA=="}},{"text":"a"}]}},"stopReason":"end_turn",)";
    BOOST_TEST(relayed_whole(text_of({content, no_usage})) == text_of({content, told_usage}));
}

BOOST_AUTO_TEST_CASE(what_is_cited_arrives_with_its_place_in_the_text) {
    const outcome out =
        run_of(protocol::converse, protocol::chat, delivery::whole)
            .over_three_ways(
                R"({"output":{"message":{"role":"assistant","content":[{"text":"é\u00e9\ud83d\ude00 "},)"
                R"({"citationsContent":{"content":[{"text":"fact"}],"citations":[{"title":"T","sourceContent":[{"text":"src"}],)"
                R"("location":{"web":{"url":"https://h/x","domain":"h"}}}]}}]}},"stopReason":"end_turn","usage":{}})"
            );
    const auto got = tree(out.octets);
    const std::string at = "choices.0.message.annotations.0.url_citation.";
    BOOST_TEST(got.word(at + "url") == "https://h/x");
    BOOST_TEST(got.word(at + "start_index") == "4");
    BOOST_TEST(got.word(at + "end_index") == "8");
}

BOOST_AUTO_TEST_CASE(the_answer_in_a_form_is_text_and_no_call) {  // trap 25
    const std::string frames = event_frames(text_of(
        {start,
         R"(contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"spillway_structured_answer"}}})",
         "\n",
         R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"x\":1}"}}})",
         "\n",
         R"(contentBlockStop {"contentBlockIndex":0})",
         "\n",
         R"(messageStop {"stopReason":"tool_use"})",
         "\n",
         "metadata {",
         no_usage}
    ));
    const outcome out =
        run_of(protocol::converse, protocol::converse, delivery::streamed).over_three_ways(frames);
    BOOST_TEST(
        event_lines(out.octets) ==
        text_of(
            {start,
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"{\"x\":1}"}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             R"(messageStop {"stopReason":"end_turn"})",
             "\nmetadata {",
             told_usage,
             "\n"}
        )
    );
}

BOOST_AUTO_TEST_CASE(unknown_events_blocks_and_words_end_nothing) {
    BOOST_TEST(
        relayed(text_of(
            {start,
             R"(novelty {"a":1})",
             "\n",
             R"(contentBlockStart {"contentBlockIndex":0,"start":{"dance":{}}})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"dance":{"step":1}}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"a"}})",
             "\n",
             R"(messageStop {"stopReason":"bored"})",
             "\n",
             "metadata {",
             no_usage}
        )) ==
        text_of(
            {start,
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a"}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             ended("end_turn")}
        )
    );
}

BOOST_AUTO_TEST_CASE(stop_reasons_and_the_sequence_that_was_met_arrive) {
    for (const std::string_view reason :
         {"end_turn",
          "max_tokens",
          "guardrail_intervened",
          "content_filtered",
          "model_context_window_exceeded",
          "malformed_model_output"}) {
        BOOST_TEST(
            relayed(text_of(
                {start, "messageStop {\"stopReason\":\"", reason, "\"}\n", "metadata {", no_usage}
            )) == text_of({start, ended(reason)})
        );
    }
    BOOST_TEST(
        relayed(
            text_of(
                {start,
                 R"(messageStop {"stopReason":"stop_sequence","additionalModelResponseFields":{"stop_sequence":"END"}})",
                 "\n",
                 "metadata {",
                 no_usage}
            )
        )
            .contains(
                R"({"stopReason":"stop_sequence","additionalModelResponseFields":{"stop_sequence":"END"}})"
            )
    );
}

BOOST_AUTO_TEST_CASE(an_exception_in_a_stream_is_a_failure) {  // traps 44, 46
    const std::string said = relayed("!throttlingException {\"message\":\"Too many tokens\"}");
    BOOST_TEST(said == "failed: Too many tokens\nincomplete");
    const auto failure = [](std::string_view lines) {
        return *run_of(protocol::converse, protocol::chat, delivery::streamed)
                    .over_three_ways(event_frames(lines))
                    .failure;
    };
    BOOST_TEST((failure("!throttlingException {}").what == error_class::rate));
    BOOST_TEST(failure("!throttlingException {}").status == 429);
    BOOST_TEST((failure("!serviceUnavailableException {}").what == error_class::overload));
    BOOST_TEST((failure("!validationException {}").what == error_class::bad_request));
    BOOST_TEST((failure("internalServerException {}").what == error_class::upstream_fault));
    const problem model = failure(
        R"(!modelStreamErrorException {"message":"m","originalStatusCode":500,"originalMessage":"o"})"
    );
    BOOST_TEST((model.what == error_class::upstream_fault));
    BOOST_TEST(model.message == "m (o)");
    BOOST_TEST(model.status == 502);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_fails) {
    BOOST_TEST(relayed_whole("[]") == "failed: The provider's answer is no JSON object.");
    BOOST_TEST(relayed_whole("<html>") == "failed: The provider's answer is no JSON object.");
    BOOST_TEST(relayed_whole(R"({"message":"no"})") == "failed: no");
    BOOST_TEST(relayed_whole("{}") == "failed: The provider reported an error.");
    BOOST_TEST(
        relayed("messageStart x") ==
        "failed: The provider's stream holds an event that is no JSON.\nincomplete"
    );
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(converse_encoder)

BOOST_AUTO_TEST_CASE(a_chat_stream_becomes_frames) {
    BOOST_TEST(
        from_chat(
            R"(data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})"
            "\n\n"
            R"(data: {"id":"1","choices":[{"index":0,"delta":{"content":"a\"b"}}]})"
            "\n\n"
            R"(data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"length"}]})"
            "\n\n"
            R"(data: {"id":"1","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})"
            "\n\ndata: [DONE]\n\n"
        ) ==
        text_of(
            {start,
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"a\"b"}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             ended("max_tokens")}
        )
    );
}

BOOST_AUTO_TEST_CASE(calls_of_a_chat_stream_follow_each_other) {
    BOOST_TEST(
        from_chat(
            R"(data: {"choices":[{"index":0,"delta":{"content":"x","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}]})"
            "\n\n"
            R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{\"y\""}}]}}]})"
            "\n\n"
            R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":1}"}}]}}]})"
            "\n\n"
            R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":":2}"}}]}}]})"
            "\n\n"
            R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})"
            "\n\ndata: [DONE]\n\n"
        ) ==
        text_of(
            {start,
             R"(contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"x"}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":0})",
             "\n",
             R"(contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"a","name":"f"}}})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"x\":1}"}}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":1})",
             "\n",
             R"(contentBlockStart {"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"b","name":"g"}}})",
             "\n",
             R"(contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"y\":2}"}}})",
             "\n",
             R"(contentBlockStop {"contentBlockIndex":2})",
             "\n",
             ended("tool_use")}
        )
    );
}

BOOST_AUTO_TEST_CASE(a_whole_chat_answer_becomes_a_body) {
    const outcome out =
        run_of(protocol::chat, protocol::converse, delivery::whole)
            .over_three_ways(
                R"({"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi",)"
                R"("tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}}]},"finish_reason":"tool_calls"}],)"
                R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})"
            );
    BOOST_TEST(
        out.octets ==
        text_of(
            {R"({"output":{"message":{"role":"assistant","content":[{"text":"hi"},)",
             R"({"toolUse":{"toolUseId":"a","name":"f","input":{"x": 1}}}]}},"stopReason":"tool_use",)",
             told_usage}
        )
    );
}

BOOST_AUTO_TEST_CASE(a_cut_stream_gets_no_terminal_frames) {
    waist_run run = run_of(protocol::chat, protocol::converse, delivery::streamed);
    run.end = ending::cut;
    const outcome out = run.over_three_ways(
        R"(data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]})"
        "\n\n"
    );
    BOOST_TEST(!event_lines(out.octets).contains("messageStop"));
    BOOST_TEST(!out.facts.complete);
}

BOOST_AUTO_TEST_CASE(costs_are_shown_on_openrouters_face_alone) {
    constexpr std::string_view body =
        R"({"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":2}})";
    waist_run run = run_of(protocol::converse, protocol::converse, delivery::whole);
    BOOST_TEST(!run.over(body).octets.contains("cost"));
    run.side = face::openrouter;
    BOOST_TEST(run.over(body).octets.contains(R"("cacheWriteInputTokens":0,"cost":0.000005})"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(converse_errors)

BOOST_AUTO_TEST_CASE(the_head_field_names_the_exception) {
    struct expected {
        std::uint16_t upstream;
        std::string_view type;
        std::string_view message;
        error_class what;
        std::uint16_t status;
    };
    const expected rows[]{
        {400, "ValidationException:http://internal/", "bad", error_class::bad_request, 400},
        {400,
         "ValidationException",
         "Input is too long for requested model.",
         error_class::context_length,
         400},
        {400, "ValidationException", "Input Tokens Exceeded: 1", error_class::context_length, 400},
        {400,
         "ValidationException",
         "Invocation with on-demand throughput isn't supported",
         error_class::not_found,
         404},
        {400,
         "ValidationException",
         "The provided model identifier is invalid.",
         error_class::not_found,
         404},
        {403, "AccessDeniedException", "no", error_class::permission, 502},
        {403, "com.amazon.coral.service#UnrecognizedClientException", "no", error_class::auth, 502},
        {403, "InvalidSignatureException", "no", error_class::auth, 502},
        {403, "ExpiredTokenException", "no", error_class::auth, 502},
        {404, "ResourceNotFoundException", "end of life", error_class::not_found, 404},
        {429, "ThrottlingException", "slow", error_class::rate, 429},
        {429, "ModelNotReadyException", "wait", error_class::overload, 503},
        {400, "ServiceQuotaExceededException", "quota", error_class::rate, 429},
        {408, "ModelTimeoutException", "late", error_class::timeout, 504},
        {424, "ModelErrorException", "oops", error_class::upstream_fault, 502},
        {503, "ServiceUnavailableException", "busy", error_class::overload, 503},
        {418, "TeapotException", "short", error_class::bad_request, 400},
    };
    for (const expected& row : rows) {
        const problem got = explained(
            row.upstream, row.type, std::string{R"({"message":")"}.append(row.message).append("\"}")
        );
        BOOST_TEST((got.what == row.what), row.type << " " << row.message);
        BOOST_TEST(got.status == row.status, row.type);
        BOOST_TEST(got.message == row.message);
        BOOST_TEST(got.upstream_status == row.upstream);
    }
}

BOOST_AUTO_TEST_CASE(without_the_field_the_body_names_it) {
    BOOST_TEST(
        (explained(429, "", R"({"__type":"a#ThrottlingException","Message":"m"})").what ==
         error_class::rate)
    );
    BOOST_TEST(explained(400, "", R"({"message":"Input is too long"})").code == "");
    BOOST_TEST((
        explained(400, "", R"({"message":"Input is too long"})").what == error_class::context_length
    ));
    BOOST_TEST((explained(502, "", "<html>").what == error_class::unavailable));
    BOOST_TEST(explained(500, "", "").message == "Bedrock answered with status 500.");
}

BOOST_AUTO_TEST_CASE(a_days_tokens_come_back_at_midnight) {
    const problem got = explained(
        429, "ThrottlingException", R"({"message":"Too many tokens per day, please wait"})"
    );
    BOOST_TEST_REQUIRE(got.retry_after.has_value());
    BOOST_TEST(got.retry_after->count() == 3'600'000);
}

BOOST_AUTO_TEST_CASE(problems_are_told_in_amazons_words) {
    BOOST_TEST(
        converse::render_problem(make_problem(error_class::rate, "slow \"down\""), face::openai) ==
        R"({"message":"slow \"down\"","__type":"ThrottlingException"})"
    );
    BOOST_TEST(
        event_lines(converse::render_stream_problem(make_problem(error_class::overload, "busy"), {})
        ) == "!serviceUnavailableException {\"message\":\"busy\"}\n"
    );
    problem ours = make_problem(error_class::auth, "no key");
    BOOST_TEST(converse::exception_of(ours) == "UnrecognizedClientException");
    ours.provider = "Bedrock";
    BOOST_TEST(converse::exception_of(ours) == "ModelErrorException");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
