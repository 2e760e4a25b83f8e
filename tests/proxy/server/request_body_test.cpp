#include "proxy/server/request_body.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace {

using namespace spillway;
using base::memory_gate;
using server::request_body;
using wire::body_framing;
using wire::body_kind;

body_framing length_of(std::uint64_t octets) {
    return {body_kind::length, 0, octets};
}
const body_framing chunked{body_kind::chunked};

// "octets|state|rest", and the status when it was refused.
std::string taken(
    const body_framing& framing,
    const testing::pieces& parts,
    std::size_t limit,
    memory_gate& memory
) {
    request_body body{framing, limit, memory};
    flow::request_buffer into;
    std::string rest;
    for (std::string_view part : parts) {
        if (body.now() != request_body::state::refused) body.take(part, into);
        if (body.now() == request_body::state::refused)
            return "refused " + std::to_string(body.status());
        rest.append(part);
    }
    const char* const state = body.now() == request_body::state::whole ? "|whole|" : "|open|";
    return std::string{into.view().text()} + state + rest;
}

std::string
three_ways(const body_framing& framing, std::string_view octets, std::size_t limit = 1000) {
    return testing::three_ways(octets, [&](const testing::pieces& parts) {
        memory_gate memory{0, 0};
        return taken(framing, parts, limit, memory);
    });
}

// A body on its way over a socket.
struct incoming {
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    tests::raw_socket other;
    net::stream ours;
    std::vector<char> scratch = std::vector<char>(4096);
    memory_gate memory{0, 0};
    flow::request_buffer into;
    std::string surplus;
    std::optional<result<>> done;

    incoming() {
        tests::socket_pair pair = tests::unix_pair();
        other = std::move(pair.theirs);
        ours = net::stream{net::descriptor{runner.loop(), pair.ours.take()}, side::client};
    }
    void start(request_body& body) {
        runner.start(note(body.read(ours, scratch, into, surplus, self), done));
    }
    static net::task<> note(net::task<result<>> work, std::optional<result<>>& out) {
        result<> value = co_await work;
        out.emplace(std::move(value));
    }
    failure failure_of() {
        runner.until([&] { return done.has_value(); });
        BOOST_REQUIRE(done->has_error());
        return done->error();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(request_bodies)

BOOST_AUTO_TEST_CASE(a_body_by_length_is_taken_and_the_rest_is_left) {
    BOOST_TEST(three_ways(length_of(5), "hello") == "hello|whole|");
    BOOST_TEST(three_ways(length_of(5), "helloGET / HTTP/1.1") == "hello|whole|GET / HTTP/1.1");
    BOOST_TEST(three_ways(length_of(6), "hello") == "hello|open|");
    BOOST_TEST(three_ways(length_of(0), "GET") == "|whole|GET");
    BOOST_TEST(three_ways({body_kind::none}, "GET") == "|whole|GET");
}

BOOST_AUTO_TEST_CASE(a_body_in_chunks_is_taken_and_the_rest_is_left) {
    BOOST_TEST(three_ways(chunked, "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\nGET") == "hello!|whole|GET");
    BOOST_TEST(three_ways(chunked, "0\r\n\r\n") == "|whole|");
    BOOST_TEST(three_ways(chunked, "5\r\nhel") == "hel|open|");
}

BOOST_AUTO_TEST_CASE(broken_chunks_are_refused) {
    BOOST_TEST(three_ways(chunked, "x\r\n") == "refused 400");
    BOOST_TEST(three_ways(chunked, "5\nhello") == "refused 400");
    BOOST_TEST(three_ways(chunked, "1\r\nab\r\n0\r\n\r\n") == "refused 400");
}

// S-H4
BOOST_AUTO_TEST_CASE(chunks_beyond_the_limit_are_refused) {
    BOOST_TEST(three_ways(chunked, "5\r\nhello\r\n0\r\n\r\n", 5) == "hello|whole|");
    BOOST_TEST(three_ways(chunked, "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 5) == "refused 413");
    BOOST_TEST(three_ways(chunked, "FFFFFFFFFFFFFFF\r\n", 5) == "refused 413");
}

// S-H10: a length that is only claimed costs nothing.
BOOST_AUTO_TEST_CASE(room_is_made_for_what_came_and_a_little_more) {
    memory_gate memory{0, 0};
    request_body body{length_of(1U << 30), 1U << 30, memory};
    flow::request_buffer into;
    std::string_view first = "x";
    body.take(first, into);
    BOOST_TEST(into.capacity() <= 64U * 1024);
    std::string more(1U << 20, 'm');
    for (int i = 0; i < 4; ++i) {
        std::string_view part = more;
        body.take(part, into);
        BOOST_TEST(into.capacity() <= 3 * into.size() + 64 * 1024);
    }
}

// R-P9
BOOST_AUTO_TEST_CASE(a_body_that_memory_has_no_room_for_is_refused_at_its_first_octet) {
    memory_gate memory{10'000, 0};
    BOOST_TEST(taken(length_of(20'000), {"x"}, 30'000, memory) == "refused 503");
    BOOST_TEST(taken(length_of(9'000), {"x"}, 30'000, memory) == "x|open|");
    memory_gate small{10, 0};
    BOOST_TEST(taken(chunked, {"5\r\nhello\r\n0\r\n\r\n"}, 1000, small) == "refused 503");
    BOOST_TEST(memory.promised() == 0U);
}

BOOST_AUTO_TEST_CASE(memory_is_promised_as_long_as_the_octets_are_held) {
    memory_gate memory{10'000, 0};
    flow::request_buffer into;
    {
        request_body body{length_of(5), 1000, memory};
        std::string_view octets = "hello";
        body.take(octets, into);
        BOOST_TEST(memory.promised() >= 5U);
    }
    BOOST_TEST(memory.promised() >= 5U);  // while the request waits for an upstream
    into.take_octets({});
    BOOST_TEST(memory.promised() == 0U);
}

BOOST_AUTO_TEST_CASE(a_body_is_read_until_it_is_whole_and_the_surplus_is_kept) {
    incoming at;
    request_body body{length_of(10'000), 20'000, at.memory};
    at.surplus = "before";
    at.start(body);
    at.other.write(std::string(4'000, 'a'));
    at.runner.settle();
    BOOST_TEST(!at.done.has_value());
    at.other.write(std::string(6'000, 'b') + "GET");
    at.runner.until([&] { return at.done.has_value(); });
    BOOST_TEST(at.done->has_value());
    BOOST_TEST(at.into.size() == 10'000U);
    BOOST_TEST(at.surplus == "beforeGET");
}

BOOST_AUTO_TEST_CASE(a_client_that_closes_in_the_middle_has_sent_nothing) {
    incoming at;
    request_body body{length_of(10), 20, at.memory};
    at.other.write("12345");
    at.other.end_writing();
    at.start(body);
    const failure why = at.failure_of();
    BOOST_TEST((why.what == fault::closed));
    BOOST_TEST((why.where == side::client));
    BOOST_TEST((body.now() == request_body::state::open));
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_the_reading) {
    incoming at;
    request_body body{chunked, 4, at.memory};
    at.start(body);
    at.other.write("5\r\nhello\r\n");
    BOOST_TEST((at.failure_of().what == fault::too_large));
    BOOST_TEST(body.status() == 413U);
    BOOST_TEST((body.refusal().what == fault::too_large));
}

BOOST_AUTO_TEST_CASE(reading_ends_when_the_process_stops) {
    incoming at;
    request_body body{length_of(10), 20, at.memory};
    at.start(body);
    at.runner.settle();
    at.self.interrupt(net::wake::draining);
    BOOST_TEST((at.failure_of().what == fault::cancelled));
}

// R-C3: below 1 KiB/s for thirty seconds. The deadline is moved up by the test, not waited for.
BOOST_AUTO_TEST_CASE(a_body_that_comes_too_slowly_is_given_up) {
    incoming at;
    request_body body{length_of(100'000), 200'000, at.memory};
    at.other.write("a little");
    at.start(body);
    at.runner.settle();
    at.self.until(at.self.now());
    BOOST_TEST((at.failure_of().what == fault::timeout_read));
}

BOOST_AUTO_TEST_CASE(a_body_that_keeps_its_pace_gets_another_window) {
    incoming at;
    request_body body{length_of(31 * 1024 + 1), 200'000, at.memory};
    at.other.write(std::string(31 * 1024, 'x'));
    at.start(body);
    at.runner.settle();
    BOOST_TEST(at.into.size() == 31U * 1024);
    at.self.until(at.self.now());
    const base::time_point before = at.self.now();
    at.runner.until([&] { return at.self.now() > before + 3 * net::timer_wheel::tick; });
    BOOST_TEST(!at.done.has_value());
    at.other.write("x");
    at.runner.until([&] { return at.done.has_value(); });
    BOOST_TEST(at.done->has_value());
}

BOOST_AUTO_TEST_SUITE_END()
