// Estimates of a prompt's tokens against counts that providers gave.
#include "adapters/canonical/codec.hpp"
#include "adapters/operations/count_tokens.hpp"
#include "adapters/operations/image_size.hpp"
#include "tests/adapters/support/json_tree.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

namespace {

using namespace adapters;

// `members` stand beside a greeting.
std::uint64_t estimated(std::string_view messages, std::string_view members = {}) {
    const auto body =
        std::string{R"({"model":"x","messages":)"}.append(messages).append(members).append("}");
    const padded_text padded{body};
    canonical::arena made;
    canonical::request asked{made};
    request_facts facts;
    const auto read =
        canonical::codec_of(protocol::messages).decode_request(padded.view(), facts, asked);
    BOOST_TEST_REQUIRE(read.has_value());
    return operations::estimate_tokens(asked);
}

// A user's turn with that content.
std::uint64_t of_content(std::string_view content) {
    return estimated(std::string{R"([{"role":"user","content":)"}.append(content).append("}]"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(count_tokens)

BOOST_AUTO_TEST_CASE(a_short_question_is_counted_as_anthropic_counts_it) {
    BOOST_TEST(of_content(R"("What is the capital of France?")") == 15U);  // Anthropic: 14
}

BOOST_AUTO_TEST_CASE(scripts_are_weighed_by_their_kind) {
    const auto nothing = of_content(R"("")");
    BOOST_TEST(of_content(R"("日本語の文章です")") - nothing >= 7U);
    BOOST_TEST(
        of_content(R"("\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3067\u3059")") ==
        of_content(R"("日本語の文章です")")
    );
    BOOST_TEST(of_content(R"("abcdefgh")") - nothing == 2U);
}

BOOST_AUTO_TEST_CASE(pictures_cost_their_pixels) {
    // A PNG head of 1000 x 750.
    constexpr std::string_view picture =
        R"([{"type":"image","source":{"type":"base64","media_type":"image/png","data":)"
        R"("iVBORw0KGgoAAAANSUhEUgAAA+gAAALuCAYAAAAAAAAAAAAAAAA="}}])";
    BOOST_TEST(of_content(picture) == 1008U);
    constexpr std::string_view unknown =
        R"([{"type":"image","source":{"type":"url","url":"https://a.test/i"}}])";
    BOOST_TEST(of_content(unknown) == 1608U);
}

BOOST_AUTO_TEST_CASE(tools_cost_what_is_documented_and_their_text) {
    const auto with = [](std::string_view choice) {
        return estimated(
            R"([{"role":"user","content":""}])",
            std::string{R"(,"tools":[{"name":"w","input_schema":{}}])"}.append(choice)
        );
    };
    BOOST_TEST(with("") - with(R"(,"tool_choice":{"type":"any"})") == 346U - 313U);
    BOOST_TEST(with("") > 346U);
}

BOOST_AUTO_TEST_CASE(sizes_are_read_out_of_each_kind_of_file) {
    using operations::image_size_of;
    const auto size_of = [](std::string octets) {
        octets.resize(64);
        const auto size = image_size_of(octets);
        return size ? std::to_string(size->width) + "x" + std::to_string(size->height) : "none";
    };
    using namespace std::string_literals;
    BOOST_TEST(size_of("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x10"s) == "256x16");
    BOOST_TEST(size_of("GIF89a\x10\0\x20\0"s) == "16x32");
    BOOST_TEST(size_of("\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\0\x20\0\x10\3"s) == "16x32");
    BOOST_TEST(size_of("RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0"s) == "16x32");
    BOOST_TEST(size_of("BM"s) == "none");
    BOOST_TEST(!image_size_of("\x89PNG").has_value());
}

BOOST_AUTO_TEST_CASE(counts_are_written_and_read) {
    BOOST_TEST(operations::render_count(2095) == R"({"input_tokens":2095})");
    const padded_text said{R"({"input_tokens":7,"context_management":{}})"};
    BOOST_TEST(operations::read_count(said.view()).value() == 7U);
    const padded_text none{R"({"error":{}})"};
    BOOST_TEST(!operations::read_count(none.view()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
