// What went into a coding comes out of it, however both are cut; what is no such text is told, never made up.
#include "proxy/wire/content_decoder.hpp"
#include "tests/support/coded.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace {

using namespace spillway;
using wire::content_coding;
using state = wire::content_decoder::state;

constexpr std::array codings{
    content_coding::gzip, content_coding::deflate, content_coding::brotli, content_coding::zstd};

std::string some_text(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i)
        text += "{\"n\":" + std::to_string(i * i % 977) + "},";
    text.resize(size);
    return text;
}

// The plain text and how the last piece ended, with room for `room` octets at a time.
std::string decoded(content_coding coding, const testing::pieces& parts, std::size_t room) {
    const auto decoder = wire::make_content_decoder(coding);
    std::string plain;
    state now = state::hungry;
    for (std::string_view part : parts) {
        do {
            std::vector<char> space(room);
            const auto step = decoder->decode(part, space);
            BOOST_TEST_REQUIRE((step.taken <= part.size() && step.made <= room));
            plain.append(space.data(), step.made);
            part.remove_prefix(step.taken);
            now = step.now;
        } while (now == state::full);
        if (now == state::broken || !part.empty()) return "broken";
    }
    return (now == state::ended ? "ended:" : "open:") + plain;
}

std::string three_ways(content_coding coding, std::string_view octets, std::size_t room = 100) {
    return testing::three_ways(octets, [&](const testing::pieces& parts) {
        return decoded(coding, parts, room);
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(content_decoder)

BOOST_AUTO_TEST_CASE(what_went_in_comes_out) {
    for (const auto coding : codings) {
        for (const std::size_t size : {0, 1, 99, 100, 101, 5000}) {
            const std::string text = some_text(size);
            BOOST_TEST(three_ways(coding, testing::coded(coding, text)) == "ended:" + text);
        }
        const std::string large = some_text(300'000);
        const std::string octets = testing::coded(coding, large);
        BOOST_TEST((decoded(coding, {octets}, 1 << 20) == "ended:" + large));
        BOOST_TEST((decoded(coding, {octets}, 7) == "ended:" + large));
    }
}

BOOST_AUTO_TEST_CASE(a_text_cut_short_never_ends) {
    for (const auto coding : codings) {
        const std::string octets = testing::coded(coding, some_text(500));
        for (std::size_t size = 0; size < octets.size(); ++size) {
            const std::string got = decoded(coding, {std::string_view{octets}.substr(0, size)}, 64);
            BOOST_TEST(!got.starts_with("ended:"), "cut at " << size);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_such_text_is_broken) {
    for (const auto coding : codings) {
        BOOST_TEST(decoded(coding, {"{\"model\":\"m\",\"messages\":[]}"}, 64) == "broken");
        BOOST_TEST(decoded(coding, {testing::coded(coding, "text") + "behind"}, 64) == "broken");
    }
}

BOOST_AUTO_TEST_CASE(gzip_and_zstd_may_be_several_texts) {
    for (const auto coding : {content_coding::gzip, content_coding::zstd}) {
        const std::string both = testing::coded(coding, "one, ") + testing::coded(coding, "two");
        BOOST_TEST(three_ways(coding, both) == "ended:one, two");
    }
}

BOOST_AUTO_TEST_CASE(a_zstd_window_beyond_8_mib_is_refused) {
    // A frame header that asks for 16 MiB: magic, no single segment, window descriptor (24 - 10) << 3.
    constexpr std::string_view frame{"\x28\xB5\x2F\xFD\x00\x70\x01\x00\x00", 9};
    BOOST_TEST(decoded(content_coding::zstd, {frame}, 64) == "broken");
    constexpr std::string_view modest{"\x28\xB5\x2F\xFD\x00\x68\x01\x00\x00", 9};
    BOOST_TEST(decoded(content_coding::zstd, {modest}, 64) == "ended:");
}

BOOST_AUTO_TEST_CASE(codings_have_names) {
    BOOST_TEST((wire::coding_of("") == content_coding::identity));
    BOOST_TEST((wire::coding_of("Identity") == content_coding::identity));
    BOOST_TEST((wire::coding_of("GZIP") == content_coding::gzip));
    BOOST_TEST((wire::coding_of("x-gzip") == content_coding::gzip));
    BOOST_TEST((wire::coding_of("deflate") == content_coding::deflate));
    BOOST_TEST((wire::coding_of("br") == content_coding::brotli));
    BOOST_TEST((wire::coding_of("zstd") == content_coding::zstd));
    BOOST_TEST((wire::coding_of("gzip, br") == content_coding::unknown));
    BOOST_TEST((wire::coding_of("compress") == content_coding::unknown));
}

BOOST_AUTO_TEST_SUITE_END()
