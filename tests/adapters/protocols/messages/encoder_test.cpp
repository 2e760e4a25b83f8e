// What clients of Anthropic's dialect get: streams their SDKs can accumulate, and whole messages.
#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/messages/own_tokens.hpp"
#include "tests/adapters/support/json_tree.hpp"
#include "tests/adapters/support/waist.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace spillway::testing {

namespace {

using namespace adapters;
using namespace adapters::canonical;

struct made_answer {
    explicit made_answer(delivery how) {
        context.how = how;
        context.generation_id = "gen-1-abc";
        context.model = "acme/m1";
        context.provider = "Acme";
        context.prompt_octets = 40;
        writes = codec_of(protocol::messages).make_encoder(context);
    }

    made_answer& say(event one) {
        writes->take(one);
        return *this;
    }
    made_answer& fragment(event_kind kind, std::uint32_t part, std::string_view text) {
        event one;
        one.kind = kind;
        one.part = part;
        one.tool = part;
        one.text = {text};
        return say(one);
    }
    made_answer& call(std::uint32_t tool, std::string_view id, std::string_view name) {
        event one;
        one.kind = event_kind::tool_start;
        one.tool = tool;
        one.part = tool + 10;
        one.id = {id};
        one.name = {name};
        return say(one);
    }
    made_answer& simple(event_kind kind) {
        event one;
        one.kind = kind;
        return say(one);
    }
    std::string& done(finish_reason why) {
        event one;
        one.kind = event_kind::finish;
        one.why = why;
        say(one);
        one.kind = event_kind::usage;
        one.tokens = {
            .prompt = 30,
            .completion = 7,
            .total = 37,
            .cached_read = 5,
            .cache_write = 2,
            .reasoning = 1,
            .present = true};
        say(one);
        one.kind = event_kind::end;
        say(one);
        return writes->text();
    }

    answer_context context;
    std::unique_ptr<answer_encoder> writes;
};

constexpr std::string_view usage_text =
    R"({"input_tokens":23,"cache_creation_input_tokens":2,"cache_read_input_tokens":5,)"
    R"("cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":0},"output_tokens":7,)"
    R"("output_tokens_details":{"thinking_tokens":1},"server_tool_use":null,"service_tier":"standard"})";

// The accumulator of the official SDKs, strict about what they rely on: dense indexes, one block at a time, deltas that
// fit their block.
class sdk_message {
public:
    explicit sdk_message(std::string_view stream) {
        for (const auto& payload : payloads(stream)) {
            const auto one = parse_json(payload);
            BOOST_TEST_REQUIRE(one.has_value(), payload);
            take(*one);
        }
    }

    std::string blocks;  // "text:…|tool_use:…"
    std::string stop_reason;
    std::string usage;
    bool has_stopped = false;

private:
    void take(const json_tree& one) {
        BOOST_TEST(!has_stopped);
        const auto type = one.word("type");
        if (type == "message_start") {
            BOOST_TEST(one.at("message.content")->dump() == "[]");
            BOOST_TEST(one.word("message.model") == "acme/m1");
            has_begun_ = true;
        } else if (type == "content_block_start") {
            BOOST_TEST(has_begun_);
            BOOST_TEST(open_.empty());
            BOOST_TEST(one.word("index") == std::to_string(index_));
            open_ = one.word("content_block.type");
            if (!blocks.empty()) blocks += "|";
            blocks += open_ + ":" + one.word("content_block.name") + one.word("content_block.data");
        } else if (type == "content_block_delta") {
            BOOST_TEST(one.word("index") == std::to_string(index_));
            const auto kind = one.word("delta.type");
            const std::string_view fits = kind == "input_json_delta" ? "tool_use"
                                          : kind == "text_delta" || kind == "citations_delta"
                                              ? "text"
                                              : "thinking";
            BOOST_TEST(open_ == fits);
            blocks += one.word("delta.text") + one.word("delta.thinking") +
                      one.word("delta.partial_json");
            if (kind == "signature_delta") blocks += "#" + one.word("delta.signature");
            if (kind == "citations_delta") blocks += "@" + one.word("delta.citation.url");
        } else if (type == "content_block_stop") {
            BOOST_TEST(one.word("index") == std::to_string(index_++));
            open_.clear();
        } else if (type == "message_delta") {
            BOOST_TEST(open_.empty());
            stop_reason = one.word("delta.stop_reason");
            usage = one.at("usage")->dump();
        } else {
            BOOST_TEST(type == "message_stop");
            BOOST_TEST(!stop_reason.empty());
            has_stopped = true;
        }
    }

    std::string open_;
    std::size_t index_ = 0;
    bool has_begun_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(messages_encoder)

BOOST_AUTO_TEST_CASE(a_stream_stands_as_the_sdk_reads_it) {
    made_answer one{delivery::streamed};
    one.simple(event_kind::start).fragment(event_kind::text, 0, "a\\n");
    one.fragment(event_kind::text, 0, "b");
    BOOST_TEST(
        one.done(finish_reason::stop) ==
        "event: message_start\ndata: "
        "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1-abc\",\"type\":\"message\","
        "\"role\":\"assistant\",\"model\":\"acme/"
        "m1\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
        "\"stop_details\":null,\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":0,"
        "\"cache_read_input_tokens\":0,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,"
        "\"ephemeral_1h_input_tokens\":0},\"output_tokens\":0,\"output_tokens_details\":{"
        "\"thinking_tokens\":0},"
        "\"server_tool_use\":null,\"service_tier\":\"standard\"}}}\n\n"
        "event: content_block_start\ndata: "
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
        "\"text\":\"\"}}\n\n"
        "event: content_block_delta\ndata: "
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":"
        "\"a\\n\"}}\n\n"
        "event: content_block_delta\ndata: "
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":"
        "\"b\"}}\n\n"
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        "event: message_delta\ndata: "
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":"
        "null,"
        "\"stop_details\":null},\"usage\":" +
            std::string{usage_text} +
            "}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
    );
}

BOOST_AUTO_TEST_CASE(a_whole_message_has_every_member) {
    made_answer one{delivery::whole};
    one.fragment(event_kind::reasoning, 0, "h").fragment(event_kind::text, 1, "a");
    one.call(0, "t1", "w")
        .fragment(event_kind::tool_arguments, 0, "{\\\"x\\\":1}")
        .call(1, "t2", "v");
    BOOST_TEST(
        one.done(finish_reason::stop) ==
        R"({"id":"msg_1-abc","type":"message","role":"assistant","model":"acme/m1","content":[)"
        R"({"type":"thinking","thinking":"h","signature":"spillway:text:unknown::"},)"
        R"({"type":"text","text":"a","citations":null},)"
        R"({"type":"tool_use","id":"t1","name":"w","input":{"x":1}},)"
        R"({"type":"tool_use","id":"t2","name":"v","input":{}}],)"
        R"("stop_reason":"tool_use","stop_sequence":null,"stop_details":null,"container":null,"usage":)" +
            std::string{usage_text} + "}"
    );
}

BOOST_AUTO_TEST_CASE(an_empty_answer_has_no_blocks_and_never_null) {
    made_answer one{delivery::whole};
    const auto got = parse_json(one.done(finish_reason::stop));
    BOOST_TEST(got->at("content")->dump() == "[]");
    BOOST_TEST(got->word("stop_reason") == "end_turn");
}

BOOST_AUTO_TEST_CASE(blocks_open_lazily_with_their_real_type_traps_17_35_37) {
    made_answer one{delivery::streamed};
    one.simple(event_kind::start).fragment(event_kind::text, 0, "");
    one.fragment(event_kind::reasoning, 1, "h")
        .fragment(event_kind::text, 2, "a")
        .call(0, "t", "w");
    const sdk_message got{one.done(finish_reason::stop)};
    BOOST_TEST(got.blocks == "thinking:h#spillway:text:unknown::|text:a|tool_use:w{}");
    BOOST_TEST(got.stop_reason == "tool_use");
    BOOST_TEST(got.usage == usage_text);
    BOOST_TEST(got.has_stopped);
}

BOOST_AUTO_TEST_CASE(fragments_of_parallel_calls_wait_for_their_turn_traps_34_36_39) {
    made_answer one{delivery::streamed};
    one.call(0, "t0", "a").call(1, "t1", "b").call(2, "t2", "c");
    one.fragment(event_kind::tool_arguments, 1, "{1").fragment(event_kind::tool_arguments, 0, "{0");
    one.fragment(event_kind::tool_arguments, 2, "{2}").fragment(event_kind::tool_arguments, 1, "}");
    one.fragment(event_kind::text, 5, "late").fragment(event_kind::tool_arguments, 0, "}");
    event over;
    over.kind = event_kind::tool_end;
    over.tool = 0;
    one.say(over);
    one.fragment(event_kind::tool_arguments, 1, "!");
    const sdk_message got{one.done(finish_reason::tool_calls)};
    BOOST_TEST(got.blocks == "tool_use:a{0}|tool_use:b{1}!|tool_use:c{2}|text:late");
}

BOOST_AUTO_TEST_CASE(a_cut_call_never_looks_complete) {
    made_answer one{delivery::streamed};
    one.call(0, "t0", "a").fragment(event_kind::tool_arguments, 0, "{0");
    BOOST_TEST(!one.writes->text().contains("content_block_stop"));
    BOOST_TEST(!one.writes->text().contains("message_stop"));
}

BOOST_AUTO_TEST_CASE(every_finish_has_its_stop_reason) {
    const auto reason = [](finish_reason why, std::string_view stop) {
        made_answer one{delivery::streamed};
        event end;
        end.kind = event_kind::finish;
        end.why = why;
        end.text = {stop};
        one.say(end).simple(event_kind::end);
        return sdk_message{one.writes->text()}.stop_reason;
    };
    BOOST_TEST(reason(finish_reason::stop, "") == "end_turn");
    BOOST_TEST(reason(finish_reason::stop, "END") == "stop_sequence");
    BOOST_TEST(reason(finish_reason::length, "") == "max_tokens");
    BOOST_TEST(reason(finish_reason::content_filter, "") == "refusal");
}

BOOST_AUTO_TEST_CASE(signatures_of_others_say_whose_they_are_and_come_back) {
    made_answer one{delivery::streamed};
    event signature;
    signature.kind = event_kind::signature;
    signature.format = reasoning_format::anthropic;
    signature.text = {"Own=="};
    one.fragment(event_kind::reasoning, 0, "h").say(signature);
    one.call(0, "t0", "a").fragment(event_kind::tool_arguments, 0, "{}");
    signature.part = 10;
    signature.format = reasoning_format::google;
    signature.text = {"G=="};
    one.say(signature);
    event sealed;
    sealed.kind = event_kind::encrypted;
    sealed.part = 12;
    sealed.format = reasoning_format::openai;
    sealed.id = {"rs_1"};
    sealed.text = {"O=="};
    one.say(sealed);
    const sdk_message got{one.done(finish_reason::tool_calls)};
    BOOST_TEST(
        got.blocks ==
        "thinking:h#Own==|tool_use:a{}|redacted_thinking:spillway:call:google-gemini-v1:t0:G==|"
        "redacted_thinking:spillway:block:openai-responses-v1:rs_1:O=="
    );
    const auto back = messages::read_token({"spillway:call:google-gemini-v1:t:0:G=="});
    BOOST_TEST((back.kind == messages::token_kind::call));
    BOOST_TEST(back.id.raw == "t:0");
    BOOST_TEST(back.payload.raw == "G==");
    BOOST_TEST((messages::read_token({"EuYBCkQ="}).kind == messages::token_kind::foreign));
}

BOOST_AUTO_TEST_CASE(citations_stand_in_their_text) {
    made_answer one{delivery::streamed};
    event cited;
    cited.kind = event_kind::citation;
    cited.cited.url = {"https://a.test"};
    one.fragment(event_kind::text, 0, "a").say(cited);
    BOOST_TEST(sdk_message{one.done(finish_reason::stop)}.blocks == "text:a@https://a.test");
}

BOOST_AUTO_TEST_CASE(chat_streams_reach_clients_of_this_dialect_whole_split_and_dripped) {
    waist_run run;
    run.to = protocol::messages;
    run.side = face::openai;
    const auto got = run.over_three_ways(
        "data: "
        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":"
        "\"\"}}]}\n\n"
        "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"h\"}}]}\n\n"
        "data: "
        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":"
        "\"c1\",\"type\":\"function\","
        "\"function\":{\"name\":\"w\",\"arguments\":\"\"}}]}}]}\n\n"
        "data: "
        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,"
        "\"function\":{\"arguments\":\"{\\\"a\\\":1}\"}}]}}]}\n\n"
        "data: "
        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
        "data: "
        "{\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2,"
        "\"total_tokens\":6}}\n\n"
        "data: [DONE]\n\n"
    );
    const sdk_message message{got.octets};
    BOOST_TEST(message.blocks == "thinking:h#spillway:text:unknown::|tool_use:w{\"a\":1}");
    BOOST_TEST(message.stop_reason == "tool_use");
    BOOST_TEST(got.facts.complete);
}

BOOST_AUTO_TEST_CASE(the_openrouter_face_adds_cost_and_provider) {
    waist_run run;
    run.how = delivery::whole;
    run.to = protocol::messages;
    const auto got = parse_json(
        run.over(
               R"({"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}],)"
               R"("usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}})"
        )
            .octets
    );
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->word("provider") == "Acme");
    BOOST_TEST(got->word("usage.cost") == "0.000008");
    BOOST_TEST(got->word("content.0.text") == "a");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
