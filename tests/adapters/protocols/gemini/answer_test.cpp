#include "tests/adapters/support/event_log.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using namespace spillway::adapters;
using namespace spillway::testing;

std::string framed(std::initializer_list<std::string_view> chunks) {
    std::string out;
    for (const auto one : chunks)
        out.append("data: ").append(one).append("\r\n\r\n");
    return out;
}

heard streamed(std::string_view octets) {
    return decoded_three_ways(protocol::gemini, framing::events, octets);
}
heard whole(std::string_view body) {
    return decoded(protocol::gemini, framing::none, {body});
}

// What a client of Google's protocol gets of Google's own answer, made anew.
waist_run to_itself(delivery how) {
    return {
        .provider = "google-ai-studio",
        .from = protocol::gemini,
        .to = protocol::gemini,
        .how = how,
        .side = face::openai};
}

const std::string hello = framed(
    {R"({"candidates":[{"content":{"role":"model","parts":[{"text":"I think","thought":true}]}}],"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5},"modelVersion":"gemini-3-pro","responseId":"r1"})",
     R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Grüß"}]},"index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":9,"totalTokenCount":14},"modelVersion":"gemini-3-pro","responseId":"r1"})",
     R"({"candidates":[{"content":{"role":"model","parts":[{"text":" Gott\n"},{"text":"","thoughtSignature":"c2ln"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":3,"thoughtsTokenCount":4,"totalTokenCount":12,"cachedContentTokenCount":2},"modelVersion":"gemini-3-pro","responseId":"r1"})"}
);

}  // namespace

BOOST_AUTO_TEST_SUITE(gemini_answer)

BOOST_AUTO_TEST_CASE(a_stream_is_told_in_order_and_trap_15_a_signature_on_an_empty_text_is_kept) {
    BOOST_TEST(
        streamed(hello).lines == "start r1 gemini-3-pro\n"
                                 "usage 5+0=5 read 0 written 0 reasoning 0\n"
                                 "reasoning/0 I think\n"
                                 "usage 5+9=14 read 0 written 0 reasoning 0\n"
                                 "text/1 Grüß\n"
                                 "usage 5+7=12 read 2 written 0 reasoning 4\n"
                                 "text/1  Gott\\n\n"
                                 "signature/1 google-gemini-v1 c2ln\n"
                                 "finish stop STOP \n"
                                 "end\n"
    );
}

BOOST_AUTO_TEST_CASE(trap_45_a_stream_without_a_finish_reason_is_cut) {
    const auto cut = framed({R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]})"});
    BOOST_TEST(!streamed(cut).has_ended);
    const auto seen = to_itself(delivery::streamed).over(cut);
    BOOST_TEST(!seen.facts.complete);
    BOOST_TEST(seen.octets.find("finishReason") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(trap_20_and_24_parallel_calls_have_their_own_numbers_and_ids) {
    const auto log = streamed(framed(
        {R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":"\"x\""}},"thoughtSignature":"c2ln"},{"functionCall":{"name":"f"}}]}}],"responseId":"r"})",
         R"({"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}]})"}
    ));
    BOOST_TEST(log.finish == "tool_calls STOP");
    BOOST_TEST(log.lines.find(R"(arguments 0 {\"a\":\"\\\"x\\\"\"})") != std::string::npos);
    BOOST_TEST(log.lines.find("arguments 1 {}") != std::string::npos);
    BOOST_TEST(log.lines.find("signature/0 google-gemini-v1 c2ln") != std::string::npos);
    const auto first = log.lines.find("tool_start 0 call_");
    const auto second = log.lines.find("tool_start 1 call_");
    BOOST_REQUIRE(first != std::string::npos);
    BOOST_REQUIRE(second != std::string::npos);
    BOOST_TEST(log.lines.substr(first + 13, 21) != log.lines.substr(second + 13, 21));
}

BOOST_AUTO_TEST_CASE(trap_20_arguments_in_pieces_are_one_object_even_without_their_last_piece) {
    const auto log = streamed(framed(
        {R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true}}]}}],"responseId":"r"})",
         R"({"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a[0].b","stringValue":"x\"","willContinue":true}],"willContinue":true}}]}}]})",
         R"({"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a[0].b","stringValue":"y"},{"jsonPath":"$.n","numberValue":7},{"jsonPath":"$.t","boolValue":true},{"jsonPath":"$.z","nullValue":"NULL_VALUE"}],"willContinue":true}}]}}]})",
         R"({"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]})",
         R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"g","willContinue":true}}]}}]})",
         R"({"candidates":[{"finishReason":"STOP"}]})"}
    ));
    BOOST_TEST(
        log.lines.find(R"(arguments 0 {\"a\":[{\"b\":\"x\\\"y\"}],\"n\":7,\"t\":true,\"z\":null})"
        ) != std::string::npos,
        log.lines
    );
    BOOST_TEST(log.lines.find("arguments 1 {}\ntool_end 1\n") != std::string::npos);
    BOOST_TEST(log.has_ended);
}

BOOST_AUTO_TEST_CASE(trap_3_thoughts_are_neither_lost_nor_counted_twice) {
    const auto tokens = [](std::string_view metadata) {
        return whole(
                   std::string{
                       R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":)"}
                       .append(metadata)
                       .append("}")
        )
            .tokens;
    };
    const auto beside = tokens(
        R"({"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":7,"totalTokenCount":25,"toolUsePromptTokenCount":3})"
    );
    BOOST_TEST(beside.prompt == 13U);
    BOOST_TEST(beside.completion == 12U);
    BOOST_TEST(beside.reasoning == 7U);
    BOOST_TEST(beside.total == 25U);
    const auto within = tokens(
        R"({"promptTokenCount":10,"candidatesTokenCount":12,"thoughtsTokenCount":7,"totalTokenCount":22})"
    );
    BOOST_TEST(within.completion == 12U);
    const auto nulls =
        tokens(R"({"promptTokenCount":4,"candidatesTokenCount":null,"totalTokenCount":4})");
    BOOST_TEST(nulls.completion == 0U);
    const auto sound = tokens(
        R"({"promptTokenCount":4,"totalTokenCount":9,"candidatesTokenCount":5,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":3}],"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":2}]})"
    );
    BOOST_TEST(sound.audio_in == 3U);
    BOOST_TEST(sound.image_out == 2U);
}

BOOST_AUTO_TEST_CASE(trap_49_a_blocked_prompt_is_a_filtered_answer) {
    const std::string_view body =
        R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3},"responseId":"r"})";
    const auto log = whole(body);
    BOOST_TEST(log.finish == "content_filter PROHIBITED_CONTENT");
    BOOST_TEST(log.has_ended);
    BOOST_TEST(streamed(framed({body})).has_ended);
    BOOST_TEST(whole(R"({"usageMetadata":{}})").failed.has_value());
}

BOOST_AUTO_TEST_CASE(trap_50_each_finish_reason_means_what_the_table_says) {
    const auto finish = [](std::string_view native, std::string_view text) {
        const auto log = whole(std::string{R"({"candidates":[{"content":{"parts":[{"text":")"}
                                   .append(text)
                                   .append(R"("}]},"finishReason":")")
                                   .append(native)
                                   .append("\"}]}"));
        return log.failed ? "failed" : log.finish.substr(0, log.finish.find(' '));
    };
    BOOST_TEST(finish("MAX_TOKENS", "") == "length");
    for (const auto* native :
         {"SAFETY", "RECITATION", "BLOCKLIST", "SPII", "IMAGE_SAFETY", "MODEL_ARMOR"}) {
        BOOST_TEST(finish(native, "") == "content_filter");
    }
    for (const auto* native : {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"}) {
        BOOST_TEST(finish(native, "a") == "error");
        BOOST_TEST(finish(native, "") == "failed");
    }
    BOOST_TEST(finish("OTHER", "a") == "stop");
    BOOST_TEST(finish("OTHER", "") == "failed");
    BOOST_TEST(finish("SOMETHING_NEW", "") == "stop");
}

BOOST_AUTO_TEST_CASE(trap_44_an_error_inside_a_stream_is_one_framed_or_bare) {
    const std::string_view error =
        R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})";
    for (const auto& octets : {framed({error}), std::string{error} + "\r\n\r\n"}) {
        const auto log = streamed(octets);
        BOOST_REQUIRE(log.failed.has_value());
        BOOST_TEST((log.failed->what == error_class::overload));
        BOOST_TEST(log.failed->message == "The model is overloaded.");
    }
    BOOST_TEST(whole(std::string{"["}.append(error).append("]")).failed.has_value());
    BOOST_TEST(whole("<html>").failed.has_value());
}

BOOST_AUTO_TEST_CASE(sources_are_cited_by_code_points_of_the_text) {
    const auto log = whole(
        R"({"candidates":[{"content":{"parts":[{"text":"Grüß Gott"}]},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a","title":"A"}}],"groundingSupports":[{"segment":{"startIndex":7,"endIndex":11,"text":"Gott"},"groundingChunkIndices":[0,5]}]}}]})"
    );
    BOOST_TEST(log.lines.find("citation 5-9 https://a A Gott\n") != std::string::npos, log.lines);
}

BOOST_AUTO_TEST_CASE(images_that_were_drafts_are_left_out_and_raw_sound_gets_a_head) {
    const auto log = whole(
        R"({"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"ZHJhZnQ="},"thought":true},{"inlineData":{"mimeType":"image/png","data":"aW1n"}}]},"finishReason":"STOP"}]})"
    );
    BOOST_TEST(log.lines.find("image image/png") == log.lines.rfind("image image/png"));
    const auto voice =
        to_itself(delivery::whole)
            .over(
                R"({"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"AAAAAA=="}}]},"finishReason":"STOP"}]})"
            );
    BOOST_TEST(
        voice.octets.find(
            R"("mimeType":"audio/wav","data":"UklGRjIAAABXQVZFZm10IBAAAAABAAEAwF0AAIC7AAACABAASlVOSwIAAAAAAGRhdGEEAAAAAAAAAA==")"
        ) != std::string::npos,
        voice.octets
    );
}

BOOST_AUTO_TEST_CASE(probabilities_become_openais_elements) {
    const auto log = whole(
        R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-0.5}],"topCandidates":[{"candidates":[{"token":"b","logProbability":-1}]}]}}]})"
    );
    BOOST_TEST(
        log.lines.find(
            R"(logprobs {"token":"a","logprob":-0.5,"bytes":null,"top_logprobs":[{"token":"b","logprob":-1,"bytes":null}]})"
        ) != std::string::npos
    );
}

BOOST_AUTO_TEST_CASE(a_stream_to_a_gemini_client_is_chunks_with_crlf_and_the_finish_last) {
    const auto seen = to_itself(delivery::streamed).over_three_ways(hello);
    const std::string names = R"(,"modelVersion":"acme/m1","responseId":"gen-1-abc"})";
    const auto part = [&](std::string_view inside) {
        return std::string{R"(data: {"candidates":[{"content":{"parts":[)"}.append(inside) +
               R"(],"role":"model"},"index":0}])" + names + "\r\n\r\n";
    };
    BOOST_TEST(
        seen.octets ==
        part(R"({"text":"I think","thought":true})") + part(R"({"text":"Grüß"})") +
            part(R"({"text":" Gott\n"})") + part(R"({"text":"","thoughtSignature":"c2ln"})") +
            R"(data: {"candidates":[{"finishReason":"STOP","index":0}],"usageMetadata":)"
            R"({"promptTokenCount":5,"cachedContentTokenCount":2,"candidatesTokenCount":3,)"
            R"("thoughtsTokenCount":4,"totalTokenCount":12})" +
            names + "\r\n\r\n"
    );
    BOOST_TEST(seen.facts.complete);
}

BOOST_AUTO_TEST_CASE(a_whole_answer_to_a_gemini_client_joins_its_texts) {
    const auto seen =
        to_itself(delivery::whole)
            .over(
                R"({"candidates":[{"content":{"parts":[{"text":"t","thought":true},{"text":"a"},{"text":"b"},{"functionCall":{"id":"i1","name":"f","args":{"x":[1]}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}})"
            );
    BOOST_TEST(
        seen.octets ==
        R"({"candidates":[{"content":{"parts":[{"text":"t","thought":true},{"text":"ab"},)"
        R"({"functionCall":{"id":"i1","name":"f","args":{"x":[1]}},"thoughtSignature":"c2ln"}],)"
        R"("role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1,)"
        R"("candidatesTokenCount":1,"totalTokenCount":2},"modelVersion":"acme/m1","responseId":"gen-1-abc"})"
    );
}

BOOST_AUTO_TEST_CASE(trap_58_calls_of_other_providers_leave_whole_with_arguments_as_objects) {
    const waist_run run{.to = protocol::gemini, .side = face::openai};
    const auto chunk = [](std::string_view delta, std::string_view finish) {
        return std::string{R"(data: {"id":"c","choices":[{"index":0,"delta":)"}.append(delta) +
               R"(,"finish_reason":)" + std::string{finish} + "}]}\n\n";
    };
    const auto seen = run.over_three_ways(
        chunk(
            R"({"tool_calls":[{"index":0,"id":"call_1","function":{"name":"f","arguments":"{\"a\""}}]})",
            "null"
        ) +
        chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":":\"\\\"\"}"}}]})", "null") +
        chunk(
            R"({"tool_calls":[{"index":1,"id":"call_2","function":{"name":"g","arguments":""}}]})",
            "null"
        ) +
        chunk("{}", "\"tool_calls\"") + "data: [DONE]\n\n"
    );
    BOOST_TEST(
        seen.octets.find(R"({"functionCall":{"id":"call_1","name":"f","args":{"a":"\""}}})") !=
            std::string::npos,
        seen.octets
    );
    BOOST_TEST(
        seen.octets.find(R"({"functionCall":{"id":"call_2","name":"g","args":{}}})") !=
        std::string::npos
    );
    BOOST_TEST(seen.octets.find(R"("finishReason":"STOP")") != std::string::npos);
    BOOST_TEST(seen.octets.find("[DONE]") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_list_is_valid_json_when_it_ends_and_when_it_breaks) {
    answer_context context;
    context.dialect = protocol::gemini;
    context.form = stream_form::array;
    context.how = delivery::streamed;
    context.frames = framing::events;
    const auto& table = canonical::codec_of(protocol::gemini);
    const auto say = [](canonical::event_kind kind, std::string_view text) {
        canonical::event one;
        one.kind = kind;
        one.text = {text};
        return one;
    };
    for (const bool is_broken : {false, true}) {
        const auto encoder = table.make_encoder(context);
        encoder->take(say(canonical::event_kind::start, ""));
        if (!is_broken) encoder->take(say(canonical::event_kind::text, "a"));
        if (!is_broken) encoder->take(say(canonical::event_kind::text, "b"));
        if (!is_broken) encoder->take(say(canonical::event_kind::finish, ""));
        if (!is_broken) encoder->take(say(canonical::event_kind::end, ""));
        auto text = encoder->text();
        if (is_broken)
            text += table.render_stream_problem(make_problem(error_class::overload, "no"), context);
        const auto tree = parse_json(text);
        BOOST_REQUIRE_MESSAGE(tree.has_value(), text);
        BOOST_TEST(tree->members.size() == (is_broken ? 2U : 4U));
        if (is_broken) BOOST_TEST(tree->word("1.error.status") == "UNAVAILABLE");
    }
}

BOOST_AUTO_TEST_SUITE_END()
