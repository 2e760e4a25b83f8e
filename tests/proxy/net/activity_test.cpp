#include "proxy/net/activity.hpp"
#include "proxy/net/next_turn.hpp"
#include "proxy/net/pause.hpp"
#include "tests/support/loop_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <vector>

namespace {

using namespace spillway;
using namespace std::chrono_literals;

struct bell final : net::waitable {
    using net::waitable::has_waiter;
    void ring() { wake_waiter(); }
};

struct waiting {
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    bell thing;
    std::vector<net::wake> wakes;

    void wait() { runner.start(wait_once(thing)); }
    net::task<> wait_once(bell& on) {
        const net::wake why = co_await self.wait_for(on);
        wakes.push_back(why);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(activity, waiting)

BOOST_AUTO_TEST_CASE(a_wait_ends_when_its_thing_is_ready) {
    wait();
    BOOST_TEST(thing.has_waiter());
    BOOST_TEST(wakes.empty());
    thing.ring();
    BOOST_TEST((wakes == std::vector{net::wake::ready}));
    BOOST_TEST(!thing.has_waiter());
}

BOOST_AUTO_TEST_CASE(a_wait_ends_at_its_deadline_and_the_thing_forgets_it) {
    self.until(self.now() + 20ms);
    wait();
    runner.until([&] { return !wakes.empty(); });
    BOOST_TEST((wakes == std::vector{net::wake::timeout}));
    BOOST_TEST(!thing.has_waiter());
    thing.ring();
    BOOST_TEST(wakes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_deadline_holds_for_the_waits_that_follow) {
    self.until(self.now() + 30ms);
    wait();
    thing.ring();
    wait();
    runner.until([&] { return wakes.size() == 2; });
    BOOST_TEST((wakes == std::vector{net::wake::ready, net::wake::timeout}));
}

BOOST_AUTO_TEST_CASE(until_told_takes_the_deadline_back) {
    self.until(self.now() + 10ms);
    self.until_told();
    wait();
    net::activity other{runner.wheel()};
    net::pause rest{runner.wheel()};
    bool rested = false;
    const auto pass = [](net::pause& by, net::activity& who, bool& done) -> net::task<> {
        co_await by.for_a(60ms, who);
        done = true;
    };
    runner.start(pass(rest, other, rested));
    runner.until([&] { return rested; });
    BOOST_TEST(wakes.empty());
    thing.ring();
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_wait_under_way) {
    wait();
    self.interrupt(net::wake::client_gone);
    BOOST_TEST((wakes == std::vector{net::wake::client_gone}));
    BOOST_TEST(!thing.has_waiter());
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_every_wait_that_follows_until_it_is_cleared) {
    self.interrupt(net::wake::draining);
    self.interrupt(net::wake::client_gone);  // the first reason stays
    wait();
    wait();
    BOOST_TEST((wakes == std::vector{net::wake::draining, net::wake::draining}));
    BOOST_TEST((self.interrupted() == net::wake::draining));
    self.clear_interrupt();
    wait();
    BOOST_TEST(wakes.size() == 2U);
    thing.ring();
    BOOST_TEST((wakes.back() == net::wake::ready));
}

BOOST_AUTO_TEST_CASE(a_nudge_looks_like_readiness_and_is_not_remembered) {
    self.nudge();
    wait();
    BOOST_TEST(wakes.empty());
    self.nudge();
    BOOST_TEST((wakes == std::vector{net::wake::ready}));
}

BOOST_AUTO_TEST_CASE(the_next_turn_comes_after_what_is_ready_now) {
    std::vector<int> order;
    net::next_turn turn{runner.loop()};
    const auto yield = [](net::next_turn& by, net::activity& who, std::vector<int>& out
                       ) -> net::task<> {
        out.push_back(1);
        co_await by.begin(who);
        out.push_back(3);
    };
    runner.start(yield(turn, self, order));
    order.push_back(2);
    runner.until([&] { return order.size() == 3; });
    BOOST_TEST((order == std::vector{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(a_turn_that_is_still_owed_may_go_away) {
    {
        net::next_turn turn{runner.loop()};
        const auto yield = [](net::next_turn& by, net::activity& who, std::vector<net::wake>& out
                           ) -> net::task<> {
            const net::wake why = co_await by.begin(who);
            out.push_back(why);
        };
        runner.start(yield(turn, self, wakes));
        self.interrupt(net::wake::draining);
        BOOST_TEST((wakes == std::vector{net::wake::draining}));
    }
    runner.settle();
}

BOOST_AUTO_TEST_SUITE_END()
