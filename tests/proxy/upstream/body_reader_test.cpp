#include "proxy/upstream/body_reader.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

using namespace spillway;
using upstream::body_reader;
using upstream::stream_end;
using wire::body_framing;
using wire::body_kind;

body_framing length_of(std::uint64_t octets) {
    return {body_kind::length, 0, octets};
}
const body_framing chunked{body_kind::chunked};
const body_framing until_close{body_kind::until_close};
const body_framing none{body_kind::none};

std::string name_of(body_reader::state what) {
    switch (what) {
    case body_reader::state::open: return "open";
    case body_reader::state::whole: return "whole";
    case body_reader::state::broken: return "broken";
    }
    return "?";
}

// Gives the pieces to a reader and tells what it made of them: "octets|state", and "+" for a surplus.
std::string read(const body_framing& framing, const testing::pieces& parts) {
    body_reader reader{framing};
    std::string body;
    for (const std::string_view part : parts) {
        std::vector<char> octets(part.begin(), part.end());
        const std::string_view taken = reader.take(octets);
        if (!taken.empty())
            BOOST_REQUIRE((taken.data() >= octets.data() && taken.size() <= octets.size()));
        body.append(taken);
        if (reader.now() == body_reader::state::broken) break;
    }
    return body + '|' + name_of(reader.now()) + (reader.had_surplus() ? "+" : "");
}

std::string three_ways(const body_framing& framing, std::string_view octets) {
    return testing::three_ways(octets, [&](const testing::pieces& parts) {
        return read(framing, parts);
    });
}

// What became of the body when the connection ended behind `octets`.
std::string ended(const body_framing& framing, std::string_view octets, stream_end how) {
    body_reader reader{framing};
    std::vector<char> copy(octets.begin(), octets.end());
    (void)reader.take(copy);
    reader.end_of_stream(how);
    return name_of(reader.now());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(body_readers)

BOOST_AUTO_TEST_CASE(a_body_by_length_ends_with_its_last_octet) {
    BOOST_TEST(three_ways(length_of(5), "hello") == "hello|whole");
    BOOST_TEST(three_ways(length_of(6), "hello") == "hello|open");
    BOOST_TEST(three_ways(length_of(4), "hello") == "hell|whole+");
    BOOST_TEST(read(length_of(0), {}) == "|whole");
    BOOST_TEST(three_ways(length_of(0), "x") == "|whole+");
}

BOOST_AUTO_TEST_CASE(a_length_beyond_32_bits_is_counted) {
    BOOST_TEST(three_ways(length_of(UINT64_MAX), "hello") == "hello|open");
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_body_has_none_whatever_comes) {
    BOOST_TEST(read(none, {}) == "|whole");
    BOOST_TEST(three_ways(none, "HTTP/1.1 200 OK") == "|whole+");
}

BOOST_AUTO_TEST_CASE(a_body_until_the_end_is_everything) {
    BOOST_TEST(three_ways(until_close, "all of it") == "all of it|open");
    BOOST_TEST(ended(until_close, "some", stream_end::orderly) == "whole");
    BOOST_TEST(ended(until_close, "", stream_end::orderly) == "whole");
}

BOOST_AUTO_TEST_CASE(chunks_are_squeezed_together) {
    BOOST_TEST(
        three_ways(chunked, "5\r\nhello\r\n1\r\n,\r\n6\r\n world\r\n0\r\n\r\n") ==
        "hello, world|whole"
    );
    BOOST_TEST(three_ways(chunked, "0\r\n\r\n") == "|whole");
    BOOST_TEST(three_ways(chunked, "3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n") == "abc|whole");
    BOOST_TEST(three_ways(chunked, "3\r\nabc\r\n0\r\n\r") == "abc|open");
    BOOST_TEST(three_ways(chunked, "3\r\nabc\r\n0\r\n\r\nHTTP/1.1") == "abc|whole+");
}

BOOST_AUTO_TEST_CASE(octets_before_broken_framing_are_still_handed_out) {
    BOOST_TEST(three_ways(chunked, "3\r\nabc\r\nxyz\r\n") == "abc|broken");
    BOOST_TEST(three_ways(chunked, "3\r\nabcd\r\n0\r\n\r\n") == "abc|broken");
    BOOST_TEST(three_ways(chunked, "FFFFFFFFFFFFFFFFF\r\n") == "|broken");
}

BOOST_AUTO_TEST_CASE(all_octets_of_one_read_are_one_text_at_its_front) {
    std::string octets = "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n";
    body_reader reader{chunked};
    const std::string_view taken = reader.take(octets);
    BOOST_TEST(taken == "abcde");
    BOOST_TEST((taken.data() == octets.data() + 3));
}

// A cut body is never taken for a whole one (R-U5).
BOOST_AUTO_TEST_CASE(a_body_that_is_cut_is_broken) {
    for (const stream_end how : {stream_end::orderly, stream_end::broken}) {
        BOOST_TEST(ended(length_of(5), "hell", how) == "broken");
        BOOST_TEST(ended(length_of(5), "", how) == "broken");
        BOOST_TEST(ended(chunked, "", how) == "broken");
        BOOST_TEST(ended(chunked, "5\r\nhel", how) == "broken");
        BOOST_TEST(ended(chunked, "5\r\nhello\r\n", how) == "broken");
        BOOST_TEST(ended(chunked, "5\r\nhello\r\n0\r\n", how) == "broken");
    }
    BOOST_TEST(ended(until_close, "some", stream_end::broken) == "broken");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_connection_does_no_harm_to_a_whole_body) {
    for (const stream_end how : {stream_end::orderly, stream_end::broken}) {
        BOOST_TEST(ended(length_of(5), "hello", how) == "whole");
        BOOST_TEST(ended(chunked, "0\r\n\r\n", how) == "whole");
        BOOST_TEST(ended(none, "", how) == "whole");
    }
}

BOOST_AUTO_TEST_CASE(octets_behind_the_end_are_noticed_whenever_they_come) {
    body_reader reader{length_of(2)};
    std::string first = "ab";
    (void)reader.take(first);
    BOOST_TEST(!reader.had_surplus());
    std::string more = "c";
    BOOST_TEST(reader.take(more) == "");
    BOOST_TEST(reader.had_surplus());
}

BOOST_AUTO_TEST_CASE(only_a_body_that_says_where_it_ends_leaves_the_connection_usable) {
    BOOST_TEST(body_reader{length_of(3)}.is_self_delimiting());
    BOOST_TEST(body_reader{chunked}.is_self_delimiting());
    BOOST_TEST(body_reader{none}.is_self_delimiting());
    BOOST_TEST(!body_reader{until_close}.is_self_delimiting());
}

BOOST_AUTO_TEST_SUITE_END()
