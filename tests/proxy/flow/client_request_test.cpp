#include "proxy/flow/client_request.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace {

using namespace spillway;

std::string text_in(const flow::request_buffer& buffer) {
    return std::string{buffer.view().text()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request_buffers)

BOOST_AUTO_TEST_CASE(what_is_appended_is_kept_while_it_grows) {
    flow::request_buffer buffer;
    std::string all;
    for (int i = 0; i < 300; ++i) {
        const std::string part(static_cast<std::size_t>(i % 50), static_cast<char>('a' + i % 26));
        buffer.append(part);
        all += part;
    }
    BOOST_TEST(text_in(buffer) == all);
    BOOST_TEST(buffer.size() == all.size());
    BOOST_TEST(buffer.capacity() >= all.size());
}

// The parsers read past the end; what they read there must be ours.
BOOST_AUTO_TEST_CASE(even_an_empty_body_has_its_padding) {
    flow::request_buffer buffer;
    const std::span<char> room = buffer.reserve(0);
    BOOST_REQUIRE(room.data() != nullptr);
    const char* const behind = room.data();
    BOOST_TEST(std::all_of(behind, behind + adapters::padding, [](char c) { return c == 0; }));
}

BOOST_AUTO_TEST_CASE(octets_may_be_put_in_place) {
    flow::request_buffer buffer;
    buffer.append("ab");
    std::ranges::copy(std::string_view{"cd"}, buffer.reserve(4).data());
    buffer.grow_by(2);
    BOOST_TEST(text_in(buffer) == "abcd");
}

BOOST_AUTO_TEST_CASE(a_buffer_that_was_moved_from_is_empty_and_can_be_filled_again) {
    flow::request_buffer buffer;
    buffer.append("ab");
    buffer.forwarded = "f";
    const flow::request_buffer other = std::move(buffer);
    BOOST_TEST(text_in(other) == "ab");
    BOOST_TEST(other.forwarded == "f");
    BOOST_TEST(buffer.size() == 0U);
    BOOST_TEST(buffer.capacity() == 0U);
    buffer.append("again");
    BOOST_TEST(text_in(buffer) == "again");
    BOOST_TEST(text_in(other) == "ab");
}

BOOST_AUTO_TEST_SUITE_END()
