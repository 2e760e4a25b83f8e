// The account of Amazon Bedrock: where it is asked, with which head fields, and that a client of its own dialect keeps its
// body and its frames.
#include "adapters/canonical/translate.hpp"
#include "tests/adapters/support/event_frames.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;

std::unique_ptr<adapter> account(std::string_view row, std::string_view region) {
    account_settings settings;
    settings.region = region;
    auto made = make_adapter(*find_row(row), settings);
    BOOST_TEST_REQUIRE(made.has_value());
    return std::move(*made);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bedrock_adapter)

BOOST_AUTO_TEST_CASE(the_region_is_the_host) {
    BOOST_TEST(
        account("amazon-bedrock", "eu-west-1")->origin() ==
        "https://bedrock-runtime.eu-west-1.amazonaws.com"
    );
    BOOST_TEST(
        account("amazon-bedrock", "cn-north-1")->origin() ==
        "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"
    );
    for (const std::string_view wrong : {"", "x/y", "a.evil.example#"}) {
        account_settings settings;
        settings.region = wrong;
        BOOST_TEST(!make_adapter(*find_row("amazon-bedrock"), settings).has_value(), wrong);
    }
}

BOOST_AUTO_TEST_CASE(the_path_names_the_model_with_everything_else_encoded) {  // trap 48
    const auto bedrock = account("amazon-bedrock", "us-east-1");
    BOOST_TEST(
        bedrock->target({}, "us.anthropic.claude-haiku-4-5-20251001-v1:0") ==
        "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse"
    );
    BOOST_TEST(
        bedrock->target(
            {operation::chat, delivery::streamed},
            "arn:aws:bedrock:us-east-1:1:inference-profile/us.x-v1:0"
        ) == "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x-v1%3A0/"
             "converse-stream"
    );
    BOOST_TEST(
        account("amazon-bedrock-claude", "us-east-1")
            ->target({operation::chat, delivery::streamed}, "anthropic.claude-v2") ==
        "/model/anthropic.claude-v2/invoke-with-response-stream"
    );
}

BOOST_AUTO_TEST_CASE(a_key_of_bedrock_is_a_bearers) {
    const auto fields = account("amazon-bedrock", "us-east-1")->credentials("ABSKsecret");
    BOOST_TEST_REQUIRE(fields.size() == 1U);
    BOOST_TEST(fields[0].name == "Authorization");
    BOOST_TEST(fields[0].value == "Bearer ABSKsecret");
}

BOOST_AUTO_TEST_CASE(a_client_of_converse_gets_the_frames_octet_for_octet) {
    const std::string frames = event_frames(
        "messageStart {\"role\":\"assistant\",\"p\":\"abc\"}\n"
        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\"},\"p\":\"d\"}\n"
        "messageStop {\"stopReason\":\"end_turn\"}\n"
        "metadata {\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"totalTokens\":3}}\n"
    );
    const auto bedrock = account("amazon-bedrock", "us-east-1");
    answer_context context;
    context.dialect = protocol::converse;
    context.how = delivery::streamed;
    context.frames = framing::event_stream;
    for (std::size_t cut = 0; cut <= frames.size(); ++cut) {
        const auto answer = bedrock->make_answer(context);
        piece_list pieces;
        answer->feed(std::string_view{frames}.substr(0, cut), pieces);
        std::string out = pieces.joined();
        pieces.clear();
        answer->finish(std::string_view{frames}.substr(cut), ending::complete, pieces);
        out += pieces.joined();
        BOOST_TEST(out == frames);
        BOOST_TEST(answer->facts().complete);
        BOOST_TEST(answer->facts().tokens.total == 3U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
