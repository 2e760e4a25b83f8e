#include "proxy/net/connect_race.hpp"
#include "proxy/net/connector.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using family = net::address::family;
using tests::raw_socket;

constexpr std::uint64_t seed = 1;

struct dialer {
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    net::connector connector{runner.loop(), runner.wheel(), seed};

    result<net::stream> connect(const net::address_list& to, base::duration within = 10s) {
        return runner.run(connector.connect(to, self, runner.wheel().now() + within));
    }
};

net::address_list list_of(std::initializer_list<net::address> items) {
    net::address_list list;
    for (const net::address& one : items)
        list.add(one);
    return list;
}

net::address remote_of(const net::stream& of) {
    sockaddr_storage raw{};
    socklen_t size = sizeof raw;
    getpeername(of.native(), reinterpret_cast<sockaddr*>(&raw), &size);
    return {reinterpret_cast<const sockaddr*>(&raw), size};
}

// An address that answers nothing: a listener whose queue is full drops every SYN.
class black_hole {
public:
    black_hole() {
        for (int i = 0; i < 4; ++i) {
            const int kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
            raw_socket one{::socket(AF_INET, kind, 0)};
            const net::address to = where();
            ::connect(one.number(), to.data(), to.size());
            filling_.push_back(std::move(one));
        }
    }
    net::address where() const { return tests::local_address(listener_); }

private:
    raw_socket listener_ = tests::listen_on_loopback(family::v4, 0);
    std::vector<raw_socket> filling_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(connector)

BOOST_AUTO_TEST_CASE(connects_and_the_stream_carries_octets) {
    dialer from;
    const raw_socket listener = tests::listen_on_loopback();
    result<net::stream> made = from.connect(list_of({tests::local_address(listener)}));
    BOOST_REQUIRE(made.has_value());
    const raw_socket other = tests::accept_from(listener);
    const std::string_view text = "hello";
    BOOST_TEST(from.runner.run(made->write(net::pieces{&text, 1}, from.self)).has_value());
    BOOST_TEST(other.read() == "hello");
}

BOOST_AUTO_TEST_CASE(refused_is_told_as_refused) {
    dialer from;
    const auto made = from.connect(list_of({tests::refusing_address()}));
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST((made.error().what == fault::refused));
    BOOST_TEST((made.error().where == side::upstream));
    BOOST_TEST((made.error().next == again::other_target));
}

BOOST_AUTO_TEST_CASE(no_address_at_all_is_refused) {
    dialer from;
    const auto made = from.connect(net::address_list{});
    BOOST_TEST((made.error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_that_refuses_is_followed_by_ipv4) {
    dialer from;
    const raw_socket listener = tests::listen_on_loopback();
    const net::address v4 = tests::local_address(listener);
    const auto made = from.connect(list_of({tests::refusing_address(family::v6), v4}));
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST((remote_of(*made) == v4));
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_use_up_the_head_start) {
    dialer from;
    const raw_socket listener = tests::listen_on_loopback();
    const auto order = list_of(
        {tests::refusing_address(), tests::refusing_address(), tests::local_address(listener)}
    );
    net::connect_race race{from.runner.loop(), from.runner.wheel(), order, 1h};
    race.start();
    from.runner.until([&] { return race.is_decided(); });
    using fate = net::connect_race::outcome;
    BOOST_TEST((race.outcome_of(order[0]) == fate::failed));
    BOOST_TEST((race.outcome_of(order[2]) == fate::connected));
}

BOOST_AUTO_TEST_CASE(an_address_that_answers_nothing_is_overtaken) {
    dialer from;
    const black_hole hole;
    const raw_socket listener = tests::listen_on_loopback(family::v6);
    const net::address good = tests::local_address(listener);
    const auto made = from.connect(list_of({hole.where(), good}));
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST((remote_of(*made) == good));
}

BOOST_AUTO_TEST_CASE(an_address_that_failed_comes_last_for_a_while) {
    dialer from;
    raw_socket revived = tests::listen_on_loopback();
    const net::address first = tests::local_address(revived);
    revived.close();
    for (int i = 0; i < 9; ++i)  // blocked for half a minute
        BOOST_TEST(from.connect(list_of({first})).has_error());
    const raw_socket listener = tests::listen_on_loopback();
    const net::address second = tests::local_address(listener);
    revived = raw_socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    BOOST_REQUIRE(::bind(revived.number(), first.data(), first.size()) == 0);
    BOOST_REQUIRE(::listen(revived.number(), 1) == 0);

    const auto made = from.connect(list_of({first, second}));
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST((remote_of(*made) == second));
    // Last is not never.
    BOOST_TEST(from.connect(list_of({first})).has_value());
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_a_connect_that_nobody_answers) {
    dialer from;
    const black_hole hole;
    const auto made = from.connect(list_of({hole.where()}), 100ms);
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST((made.error().what == fault::timeout_connect));
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_a_connect) {
    dialer from;
    const black_hole hole;
    std::optional<fault> ended;
    const auto list = list_of({hole.where()});
    const auto wait = [](dialer& by, const net::address_list& to, std::optional<fault>& out
                      ) -> net::task<> {
        const auto made = co_await by.connector.connect(to, by.self, base::never);
        out = made.error().what;
    };
    from.runner.start(wait(from, list, ended));
    from.runner.settle();
    BOOST_TEST(!ended.has_value());
    from.self.interrupt(net::wake::client_gone);
    BOOST_REQUIRE(ended.has_value());
    BOOST_TEST((*ended == fault::cancelled));
    from.runner.settle();  // what the losers still owe is paid after they have gone
}

BOOST_AUTO_TEST_CASE(a_full_descriptor_table_is_our_fault_and_blocks_nobody) {
    dialer from;
    const raw_socket listener = tests::listen_on_loopback();
    const auto list = list_of({tests::local_address(listener)});
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const raw_socket next{::dup(0)};
    const rlimit full{static_cast<rlim_t>(next.number()), before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &full);
    const auto made = from.connect(list);
    setrlimit(RLIMIT_NOFILE, &before);
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST((made.error().what == fault::exhausted));
    BOOST_TEST((made.error().where == side::internal));
    BOOST_TEST(from.connect(list).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(connect_blocker)

BOOST_AUTO_TEST_CASE(blocks_grow_with_each_failure_and_end_with_success) {
    net::connect_blocker blocker{seed};
    const net::address at = net::address::loopback(family::v4, 80);
    base::time_point now = base::clock::now();
    BOOST_TEST((blocker.blocked_until(at, now) == base::time_point::min()));
    base::duration longest{};
    for (int failures = 0; failures < 12; ++failures) {
        blocker.failed(at, now);
        const base::time_point until = blocker.blocked_until(at, now);
        BOOST_TEST((until >= now + 125ms));
        BOOST_TEST((until <= now + 30s));
        longest = std::max(longest, until - now);
        BOOST_TEST((blocker.blocked_until(at, until) == base::time_point::min()));
        now = until;
    }
    BOOST_TEST((longest >= 15s));
    blocker.connected(at);
    blocker.failed(at, now);
    BOOST_TEST((blocker.blocked_until(at, now) <= now + 250ms));
}

BOOST_AUTO_TEST_CASE(an_old_failure_does_not_lengthen_the_next_block) {
    net::connect_blocker blocker{seed};
    const net::address at = net::address::loopback(family::v4, 80);
    const base::time_point now = base::clock::now();
    for (int failures = 0; failures < 12; ++failures)
        blocker.failed(at, now);
    const base::time_point later = now + 1h;
    blocker.failed(at, later);
    BOOST_TEST((blocker.blocked_until(at, later) <= later + 250ms));
}

BOOST_AUTO_TEST_SUITE_END()
