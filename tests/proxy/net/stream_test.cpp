#include "proxy/net/stream.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <thread>
#include <vector>

#include <sys/socket.h>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using tests::raw_socket;

struct connected {
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    raw_socket other;
    net::stream ours;

    explicit connected(tests::socket_pair pair = tests::tcp_pair())
        : other{std::move(pair.theirs)} {
        net::prepare_socket(pair.ours.number());
        ours = net::stream{net::descriptor{runner.loop(), pair.ours.take()}, side::upstream};
    }

    result<std::size_t> read(std::string& into) { return runner.run(ours.read(into, self)); }
    std::string read_text(std::size_t at_most = 100) {
        std::string into(at_most, '\0');
        const auto got = read(into);
        BOOST_REQUIRE(got.has_value());
        into.resize(*got);
        return into;
    }
    // Starts a read that has nothing to read yet.
    void start_read(std::string& into, std::optional<result<std::size_t>>& out) {
        runner.start(keep(ours.read(into, self), out));
        runner.settle();
        BOOST_TEST(!out.has_value());
    }
    void start_write(net::pieces what, std::optional<result<>>& out) {
        runner.start(keep(ours.write(what, self), out));
    }

    template <class T>
    static net::task<> keep(net::task<T> work, std::optional<T>& out) {
        T value = co_await work;
        out.emplace(std::move(value));
    }
};

std::string pattern(std::size_t size) {
    std::string made(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        made[i] = static_cast<char>('a' + i * 7 % 26);
    return made;
}

struct counter final : net::descriptor::direction::observer {
    void became_ready() override { ++events; }
    int events = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(stream)

BOOST_AUTO_TEST_CASE(octets_that_are_there_are_read_at_once) {
    connected at;
    at.other.write("hello");
    BOOST_TEST(at.read_text() == "hello");
}

BOOST_AUTO_TEST_CASE(a_read_waits_for_octets_and_is_not_misled_by_spurious_events) {
    connected at;
    std::string into(16, '\0');
    std::optional<result<std::size_t>> got;
    at.start_read(into, got);  // the first event of a new socket is spurious
    at.other.write("x");
    at.runner.until([&] { return got.has_value(); });
    BOOST_TEST(got->value() == 1U);
    for (int i = 0; i < 100; ++i) {
        got.reset();
        at.start_read(into, got);
        at.other.write("yz");
        at.runner.until([&] { return got.has_value(); });
        BOOST_TEST(got->value() == 2U);
    }
}

// A single edge announces both; the count of what is left must show that there is more.
BOOST_AUTO_TEST_CASE(an_end_that_comes_with_the_last_octets_is_seen) {
    for (int i = 0; i < 50; ++i) {
        connected at;
        std::string into(16, '\0');
        std::optional<result<std::size_t>> got;
        at.start_read(into, got);
        at.other.write("last");
        at.other.end_writing();
        at.runner.until([&] { return got.has_value(); });
        BOOST_TEST(got->value() == 4U);
        BOOST_TEST(at.read_text() == "");
    }
}

// The same with a reset, which the kernel does not count.
BOOST_AUTO_TEST_CASE(a_reset_that_comes_with_the_last_octets_is_seen) {
    for (int i = 0; i < 50; ++i) {
        connected at;
        std::string into(16, '\0');
        std::optional<result<std::size_t>> got;
        at.start_read(into, got);
        at.other.write("last");
        at.other.reset();
        at.runner.until([&] { return got.has_value(); });
        BOOST_TEST(got->value() == 4U);
        got.reset();
        at.runner.start(connected::keep(at.ours.read(into, at.self), got));
        at.runner.settle();
        BOOST_REQUIRE(got.has_value());
        BOOST_REQUIRE(got->has_error());
        BOOST_TEST((got->error().what == fault::reset));
    }
}

BOOST_AUTO_TEST_CASE(an_end_that_comes_later_is_seen) {
    connected at;
    std::string into(16, '\0');
    at.other.write("last");
    BOOST_TEST(at.read_text() == "last");
    std::optional<result<std::size_t>> got;
    at.start_read(into, got);
    at.other.close();
    at.runner.until([&] { return got.has_value(); });
    BOOST_TEST(got->value() == 0U);
}

BOOST_AUTO_TEST_CASE(more_than_the_buffer_holds_is_read_piece_by_piece) {
    connected at;
    at.other.write("0123456789");
    for (const char* expected : {"012", "345", "678", "9"})
        BOOST_TEST(at.read_text(3) == expected);
}

BOOST_AUTO_TEST_CASE(a_socket_that_does_not_count_what_is_left_works_too) {
    connected at{tests::unix_pair()};
    std::string into(16, '\0');
    std::optional<result<std::size_t>> got;
    at.start_read(into, got);
    at.other.write("abc");
    at.other.end_writing();
    at.runner.until([&] { return got.has_value(); });
    BOOST_TEST(got->value() == 3U);
    BOOST_TEST(at.read_text() == "");
}

BOOST_AUTO_TEST_CASE(a_reset_is_a_fault_with_its_cause) {
    connected at;
    std::string into(16, '\0');
    std::optional<result<std::size_t>> got;
    at.start_read(into, got);
    at.other.reset();
    at.runner.until([&] { return got.has_value(); });
    BOOST_REQUIRE(got->has_error());
    BOOST_TEST((got->error().what == fault::reset));
    BOOST_TEST((got->error().where == side::upstream));
    BOOST_TEST((got->error().cause == boost::asio::error::connection_reset));
}

BOOST_AUTO_TEST_CASE(a_silent_other_end_ends_with_the_deadline) {
    connected at;
    std::string into(16, '\0');
    at.self.until(at.runner.wheel().now() + 30ms);
    const auto got = at.read(into);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().what == fault::timeout_idle));
}

BOOST_AUTO_TEST_CASE(an_interrupted_read_takes_nothing_and_may_be_repeated) {
    connected at;
    std::string into(16, '\0');
    std::optional<result<std::size_t>> got;
    at.start_read(into, got);
    at.self.interrupt(net::wake::client_gone);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST((got->error().what == fault::cancelled));
    at.self.clear_interrupt();
    at.other.write("still here");
    BOOST_TEST(at.read_text() == "still here");
}

BOOST_AUTO_TEST_CASE(a_write_waits_for_a_slow_reader_and_loses_nothing) {
    connected at;
    const std::string head = "head";
    const std::string body = pattern(8'000'000);
    const std::vector<std::string_view> parts{head, body, "tail"};
    std::optional<result<>> sent;
    at.start_write(parts, sent);
    at.runner.settle();
    BOOST_TEST(!sent.has_value());
    std::string received;
    std::thread reader{[&] {
        received = at.other.read_exactly(head.size() + body.size() + 4);
    }};
    at.runner.until([&] { return sent.has_value(); });
    reader.join();
    BOOST_TEST(sent->has_value());
    BOOST_TEST((received == head + body + "tail"));
}

BOOST_AUTO_TEST_CASE(a_reader_that_takes_nothing_ends_the_write_with_the_deadline) {
    connected at;
    const std::string body = pattern(8'000'000);
    const std::string_view part = body;
    at.self.until(at.runner.wheel().now() + 50ms);
    const auto sent = at.runner.run(at.ours.write(net::pieces{&part, 1}, at.self));
    BOOST_REQUIRE(sent.has_error());
    BOOST_TEST((sent.error().what == fault::timeout_write));
}

BOOST_AUTO_TEST_CASE(more_pieces_than_one_call_takes_arrive_in_order) {
    connected at;
    std::vector<std::string> texts;
    std::string whole;
    for (int i = 0; i < 300; ++i) {
        texts.push_back(std::to_string(i) + ',');
        whole += texts.back();
    }
    const std::vector<std::string_view> parts{texts.begin(), texts.end()};
    BOOST_TEST(at.runner.run(at.ours.write(parts, at.self)).has_value());
    BOOST_TEST(at.other.read_exactly(whole.size()) == whole);
}

BOOST_AUTO_TEST_CASE(writing_nothing_is_done_at_once) {
    connected at;
    const std::vector<std::string_view> nothing{"", ""};
    BOOST_TEST(at.runner.run(at.ours.write(nothing, at.self)).has_value());
    BOOST_TEST(at.runner.run(at.ours.write({}, at.self)).has_value());
}

BOOST_AUTO_TEST_CASE(writing_to_one_who_has_gone_is_a_fault) {
    connected at;
    at.other.reset();
    const std::string_view text = "x";
    std::optional<failure> why;
    at.runner.until([&] {
        const auto sent = at.runner.run(at.ours.write(net::pieces{&text, 1}, at.self));
        if (sent.has_error()) why = sent.error();
        return why.has_value();
    });
    BOOST_TEST((why->what == fault::reset));
}

BOOST_AUTO_TEST_CASE(an_aborted_stream_breaks_the_other_end) {
    connected at;
    at.ours.abort();
    BOOST_TEST(!at.ours.is_open());
    BOOST_CHECK_THROW(at.other.read(), std::system_error);
}

BOOST_AUTO_TEST_CASE(looking_tells_silence_octets_end_and_reset_apart) {
    connected at;
    BOOST_TEST((at.ours.look() == net::presence::silent));
    at.other.write("x");
    at.runner.until([&] { return at.ours.look() == net::presence::talking; });
    BOOST_TEST(at.read_text() == "x");
    at.other.end_writing();
    at.runner.until([&] { return at.ours.look() == net::presence::half_closed; });
    at.other.reset();
    at.runner.until([&] { return at.ours.look() == net::presence::gone; });
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

net::task<net::wake> wait_readable(net::stream& on, net::activity& self) {
    co_return co_await on.readable(self);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(descriptor)

BOOST_AUTO_TEST_CASE(an_observer_is_told_of_each_event_it_armed_for) {
    connected at;
    counter seen;
    net::descriptor::direction& reading = at.ours.socket().reading();
    reading.observe(&seen);
    const auto next = [&] {
        const int before = seen.events;
        reading.exhausted();
        reading.arm();
        return before;
    };
    const int before = next();
    at.runner.settle();
    BOOST_TEST(seen.events == before);
    at.other.write("x");
    at.runner.until([&] { return seen.events == before + 1; });
    reading.observe(nullptr);
    reading.exhausted();
    reading.arm();
    at.other.write("y");
    at.runner.until([&] { return reading.is_ready(); });
    BOOST_TEST(seen.events == before + 1);
}

BOOST_AUTO_TEST_CASE(an_event_between_two_arms_is_not_lost) {
    connected at;
    net::activity self{at.runner.wheel()};
    net::descriptor::direction& reading = at.ours.socket().reading();
    for (int i = 0; i < 3; ++i) {
        reading.exhausted();
        at.other.write("x");
        at.runner.until([&] { return reading.is_ready(); });  // nothing is armed
        BOOST_TEST((at.runner.run(wait_readable(at.ours, self)) == net::wake::ready));
    }
}

BOOST_AUTO_TEST_CASE(closing_while_armed_is_clean_and_tells_nobody) {
    counter seen;
    connected at;
    at.ours.socket().reading().observe(&seen);
    for (net::descriptor::direction* way :
         {&at.ours.socket().reading(), &at.ours.socket().writing()}) {
        way->exhausted();
        way->arm();
    }
    at.other.write("x");
    at.ours.close();
    at.runner.settle();
    BOOST_TEST(seen.events == 0);
    BOOST_TEST(!at.ours.is_open());
}

BOOST_AUTO_TEST_CASE(closing_with_an_event_on_its_way_is_clean) {
    connected at;
    net::descriptor& socket = at.ours.socket();
    socket.reading().exhausted();
    socket.reading().arm();
    at.other.write("x");
    socket.close();
    at.runner.settle();
    BOOST_TEST(!at.ours.is_open());
}

BOOST_AUTO_TEST_CASE(a_loop_that_goes_with_armed_sockets_closed_before_gives_everything_back) {
    tests::socket_pair pair = tests::tcp_pair();
    {
        net::loop brief;
        net::descriptor socket{brief, pair.ours.take()};
        socket.reading().exhausted();
        socket.reading().arm();
        brief.poll();
        socket.reading().exhausted();
        socket.reading().arm();
    }
    BOOST_TEST(pair.theirs.read() == "");
}

BOOST_AUTO_TEST_CASE(moving_over_an_open_descriptor_closes_it) {
    connected at;
    tests::socket_pair pair = tests::tcp_pair();
    net::descriptor other{at.runner.loop(), pair.ours.take()};
    at.ours.socket() = std::move(other);
    BOOST_TEST(at.other.read() == "");
    BOOST_TEST(!static_cast<bool>(other));
    BOOST_TEST(at.ours.is_open());
}

BOOST_AUTO_TEST_SUITE_END()
