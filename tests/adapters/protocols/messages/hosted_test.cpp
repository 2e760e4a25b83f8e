// Requests of Anthropic's dialect to Claude at Google's and at Amazon's, which stay as they are but for what these refuse.
#include "adapters/inspect.hpp"
#include "adapters/protocols/messages/hosted.hpp"
#include "adapters/registry.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;
using messages::hosting;

struct adapted {
    std::string body;
    std::string dropped;
    std::string refusal;
};

struct to_host {
    std::string_view row = "google-vertex-claude";
    std::string_view model = "claude-sonnet-4@20250514";
    std::string_view betas = {};
    operation what = operation::chat;

    [[nodiscard]] adapted with(std::string_view body) const {
        account_settings settings;
        settings.base_url = "https://host.test/v1";
        const auto adapter = make_adapter(*find_row(row), settings);
        BOOST_TEST_REQUIRE(adapter.has_value());
        const padded_text padded{body};
        question asked{what, face::openai};
        asked.dialect = protocol::messages;
        auto facts = inspect(asked, padded.view());
        BOOST_TEST_REQUIRE(facts.has_value());
        facts->betas = betas;
        edit_list edits{facts->body()};
        answer_wishes wishes;
        const auto left_out = (*adapter)->prepare(*facts, model, edits, wishes);
        if (!left_out) return {{}, {}, left_out.error().message};
        const auto text = edits.text();
        BOOST_TEST(parse_json(text).has_value(), text);
        return {text, left_out->joined(), {}};
    }
};

constexpr std::string_view bedrock = "amazon-bedrock-claude";
constexpr std::string_view hello = R"("max_tokens":9,"messages":[{"role":"user","content":"hi"}])";

std::string body_of(std::string_view more) {
    return std::string{"{"}.append(hello).append(more).append("}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hosted_claude)

BOOST_AUTO_TEST_CASE(the_version_stands_in_the_body_and_the_model_in_the_path) {
    const std::string body = R"({"model":"x",)" + std::string{hello} + R"(,"stream":true})";
    BOOST_TEST(
        to_host{}.with(body).body ==
        R"({"anthropic_version":"vertex-2023-10-16",)" + std::string{hello} + R"(,"stream":true})"
    );
    BOOST_TEST(
        to_host{bedrock}.with(body).body ==
        R"({"anthropic_version":"bedrock-2023-05-31",)" + std::string{hello} + "}"
    );
}

BOOST_AUTO_TEST_CASE(counting_tokens_at_google_names_the_model_in_the_body) {
    const to_host counting{.model = "claude-x", .what = operation::count_tokens};
    const auto got = parse_json(counting.with(R"({"model":"y",)" + std::string{hello} + "}").body);
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->word("model") == "claude-x");
}

BOOST_AUTO_TEST_CASE(trap_43_what_only_anthropic_itself_knows_is_taken_out_and_told) {
    for (const std::string_view row : {std::string_view{"google-vertex-claude"}, bedrock}) {
        const auto got = to_host{row}.with(body_of(
            R"(,"container":"c","mcp_servers":[{"url":"u"}],"inference_geo":"us","speed":"fast",)"
            R"("service_tier":"auto","cache_control":{"type":"ephemeral"},"context_management":{},)"
            R"("fallbacks":[],"anthropic_version":"2023-06-01","top_k":3)"
        ));
        BOOST_TEST(
            got.dropped ==
            "container, mcp_servers, inference_geo, speed, service_tier, cache_control, "
            "context_management, fallbacks"
        );
        BOOST_TEST(got.body.ends_with(std::string{hello} + R"(,"top_k":3})"), got.body);
    }
    const auto at_home = to_host{"anthropic"}.with(body_of(R"(,"container":"c","speed":"fast")"));
    BOOST_TEST(at_home.body == body_of(R"(,"container":"c","speed":"fast")"));
    BOOST_TEST(at_home.dropped == "");
}

BOOST_AUTO_TEST_CASE(who_requires_all_parameters_is_refused_instead) {
    const auto got =
        to_host{}.with(body_of(R"(,"speed":"fast","provider":{"require_parameters":true})"));
    BOOST_TEST(got.refusal.find("speed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(trap_43_betas_go_into_the_body_at_amazon_and_only_those_it_knows) {
    to_host host{bedrock};
    host.betas = "anthropic-beta: claude-code-20250219, interleaved-thinking-2025-05-14\r\n"
                 "anthropic-beta: files-api-2025-04-14,context-1m-2025-08-07\r\n";
    BOOST_TEST(
        host.with(body_of(R"(,"anthropic_beta":["x"])")).body ==
        R"({"anthropic_version":"bedrock-2023-05-31",)"
        R"("anthropic_beta":["interleaved-thinking-2025-05-14","context-1m-2025-08-07"],)" +
            std::string{hello} + "}"
    );
    host.betas = "anthropic-beta: context-management-2025-06-27\r\n";
    const auto got = host.with(body_of(R"(,"context_management":{"edits":[]})"));
    BOOST_TEST(got.dropped == "");
    BOOST_TEST(got.body.ends_with(R"(,"context_management":{"edits":[]}})"), got.body);
}

BOOST_AUTO_TEST_CASE(betas_stay_in_the_head_at_google_as_far_as_it_knows_them) {
    const std::string_view lines =
        "anthropic-beta: oauth-2025-04-20, context-1m-2025-08-07 ,web-search-2025-03-05\r\n";
    account_settings settings;
    settings.base_url = "https://host.test";
    const auto sent = [&](std::string_view row, std::string_view text) {
        std::string room;
        return std::string{(*make_adapter(*find_row(row), settings))->betas(text, room)};
    };
    BOOST_TEST(
        sent("google-vertex-claude", lines) ==
        "anthropic-beta: context-1m-2025-08-07,web-search-2025-03-05\r\n"
    );
    BOOST_TEST(sent("google-vertex-claude", "anthropic-beta: files-api-2025-04-14\r\n") == "");
    BOOST_TEST(sent("amazon-bedrock-claude", lines) == "");
    BOOST_TEST(sent("anthropic", lines) == lines);
    BOOST_TEST(sent("openai", "openai-beta: x\r\n") == "openai-beta: x\r\n");
}

BOOST_AUTO_TEST_CASE(a_beta_that_could_break_out_of_its_list_is_none) {
    BOOST_TEST(
        messages::known_betas(hosting::bedrock, "anthropic-beta: effort-\"],\"x\":[\"\r\n") == ""
    );
    BOOST_TEST(messages::known_betas(hosting::bedrock, "anthropic-beta:,, ,\r\n") == "");
    BOOST_TEST(messages::known_betas(hosting::bedrock, "anthropic-beta") == "");
    BOOST_TEST(
        messages::known_betas(hosting::bedrock, "a: effort-1,effort-2") == "effort-1,effort-2"
    );
}

BOOST_AUTO_TEST_CASE(trap_42_scopes_of_cache_marks_are_taken_out) {
    const auto got = to_host{bedrock}.with(
        R"({"max_tokens":1,"system":[{"type":"text","text":"say \"cache_control\": {\"scope\":1}",)"
        R"("cache_control":{"type":"ephemeral","scope":"global","ttl":"1h"}}],)"
        R"("messages":[{"role":"user","content":[{"type":"text","text":"a",)"
        R"("cache_control" : {"scope":"x","type":"ephemeral"}}]}],)"
        R"("tools":[{"name":"cache_control","input_schema":{"type":"object"}}]})"
    );
    BOOST_TEST(
        got.body.find(R"("cache_control":{"type":"ephemeral","ttl":"1h"})") != got.body.npos,
        got.body
    );
    BOOST_TEST(
        got.body.find(R"("cache_control" : {"type":"ephemeral"})") != got.body.npos, got.body
    );
    BOOST_TEST(got.body.find(R"({\"scope\":1})") != got.body.npos);
    BOOST_TEST(got.dropped == "");
}

BOOST_AUTO_TEST_CASE(of_metadata_hosts_know_the_user_alone) {
    const auto got = to_host{}.with(body_of(R"(,"metadata":{"a":1,"user_id":"u","b":2})"));
    BOOST_TEST(got.body.ends_with(R"(,"metadata":{"user_id":"u"}})"), got.body);
    const std::string plain = body_of(R"(,"metadata":{"user_id":"u"})");
    BOOST_TEST(to_host{}.with(plain).body.ends_with(plain.substr(1)));
    BOOST_TEST(to_host{}.with(body_of(R"(,"metadata":{"a":1})")).body.ends_with(R"("metadata":{}})")
    );
}

BOOST_AUTO_TEST_CASE(trap_12_sampling_goes_where_the_model_refuses_it) {
    const std::string body = body_of(R"(,"temperature":0.5,"top_p":0.9,"top_k":4)");
    for (const std::string_view row :
         {std::string_view{"anthropic"}, std::string_view{"google-vertex-claude"}, bedrock}) {
        const auto newest = to_host{row, "claude-opus-4-8"}.with(body);
        BOOST_TEST(newest.dropped == "temperature, top_p, top_k");
        BOOST_TEST(newest.body.ends_with(std::string{hello} + "}"), newest.body);
        const auto newer = to_host{row, "claude-sonnet-4-5@20250929"}.with(body);
        BOOST_TEST(newer.dropped == "top_p");
        const auto older = to_host{row, "claude-3-7-sonnet"}.with(body);
        BOOST_TEST(older.dropped == "");
    }
    const auto alone = to_host{"anthropic", "claude-sonnet-4-5"}.with(body_of(R"(,"top_p":0.9)"));
    BOOST_TEST(alone.dropped == "");
}

BOOST_AUTO_TEST_CASE(what_only_the_gateway_reads_never_leaves) {
    for (const std::string_view row : {std::string_view{"anthropic"}, bedrock}) {
        const auto got = to_host{row}.with(
            R"({"models":["a/b"],"provider":{},)" + std::string{hello} +
            R"(,"usage":{},"debug":{}})"
        );
        BOOST_TEST(got.body.ends_with(std::string{hello} + "}"), got.body);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
