#include "proxy/net/timer_wheel.hpp"
#include "tests/support/loop_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <vector>

namespace {

using namespace spillway;
using namespace std::chrono_literals;

struct reminder final : net::wheel_entry {
    explicit reminder(net::timer_wheel& wheel) : wheel_{wheel} {}

    void in(base::duration length) {
        due = wheel_.now() + length;
        wheel_.set(*this, due);
    }
    void never() { wheel_.set(*this, base::never); }

    int rung = 0;
    bool was_early = false;
    base::time_point due;
    std::move_only_function<void()> then;

private:
    void expired() override {
        ++rung;
        was_early = was_early || base::clock::now() < due;
        if (then) std::exchange(then, nullptr)();
    }

    net::timer_wheel& wheel_;
};

struct wheel_fixture {
    tests::loop_runner runner;
    net::timer_wheel& wheel = runner.wheel();

    // Everything due until then has happened.
    void pass(base::duration length) {
        reminder last{wheel};
        last.in(length);
        runner.until([&] { return last.rung == 1; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(timer_wheel, wheel_fixture)

BOOST_AUTO_TEST_CASE(an_entry_expires_once_and_not_early) {
    std::vector<std::unique_ptr<reminder>> reminders;
    for (int i = 0; i < 20; ++i) {
        reminders.push_back(std::make_unique<reminder>(wheel));
        reminders.back()->in(5ms * i);
    }
    pass(150ms);
    for (const auto& one : reminders) {
        BOOST_TEST(one->rung == 1);
        BOOST_TEST(!one->was_early);
        BOOST_TEST((one->deadline() == base::never));
    }
}

BOOST_AUTO_TEST_CASE(a_deadline_moved_later_is_kept) {
    reminder one{wheel};
    one.in(20ms);
    one.in(1h);
    pass(100ms);
    BOOST_TEST(one.rung == 0);
    one.in(20ms);
    pass(60ms);
    BOOST_TEST(one.rung == 1);
    BOOST_TEST(!one.was_early);
}

BOOST_AUTO_TEST_CASE(a_deadline_moved_again_and_again_expires_after_the_last) {
    reminder one{wheel};
    for (int i = 0; i < 8; ++i) {
        one.in(40ms);
        pass(20ms);
        BOOST_TEST(one.rung == 0);
    }
    runner.until([&] { return one.rung == 1; });
    BOOST_TEST(!one.was_early);
}

BOOST_AUTO_TEST_CASE(a_deadline_beyond_the_horizon_can_be_moved_near) {
    reminder one{wheel};
    for (const base::duration far :
         {base::duration{17s}, base::duration{1h}, base::duration{10000h}}) {
        one.in(far);
        one.in(20ms);
        const int before = one.rung;
        runner.until([&] { return one.rung > before; });
        BOOST_TEST(!one.was_early);
    }
}

BOOST_AUTO_TEST_CASE(never_stops_an_entry_and_it_may_be_set_again) {
    reminder one{wheel};
    one.in(20ms);
    one.never();
    pass(80ms);
    BOOST_TEST(one.rung == 0);
    one.in(20ms);
    one.never();
    one.in(30ms);
    pass(80ms);
    BOOST_TEST(one.rung == 1);
    BOOST_TEST(!one.was_early);
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_expires_on_a_later_turn) {
    reminder one{wheel};
    one.in(-1h);
    BOOST_TEST(one.rung == 0);
    runner.until([&] { return one.rung == 1; });
}

BOOST_AUTO_TEST_CASE(entries_may_destroy_themselves_and_their_neighbours) {
    auto first = std::make_unique<reminder>(wheel);
    auto second = std::make_unique<reminder>(wheel);
    auto third = std::make_unique<reminder>(wheel);
    const base::duration length = 20ms;
    int rung = 0;
    // Whichever comes first in the slot destroys all three.
    for (auto* one : {first.get(), second.get(), third.get()}) {
        one->in(length);
        one->then = [&] {
            ++rung;
            first.reset();
            second.reset();
            third.reset();
        };
    }
    pass(80ms);
    BOOST_TEST(rung == 1);
}

BOOST_AUTO_TEST_CASE(an_entry_may_set_itself_again_while_it_expires) {
    reminder one{wheel};
    one.in(10ms);
    one.then = [&] {
        one.in(-1s);
        one.then = [&] {
            one.in(10ms);
        };
    };
    runner.until([&] { return one.rung == 3; });
    pass(60ms);
    BOOST_TEST(one.rung == 3);
}

BOOST_AUTO_TEST_CASE(a_stalled_loop_serves_everything_that_came_due) {
    std::vector<std::unique_ptr<reminder>> reminders;
    for (int i = 0; i < 64; ++i) {
        reminders.push_back(std::make_unique<reminder>(wheel));
        reminders.back()->in(1ms * i);
    }
    const auto later = base::clock::now() + 120ms;
    while (base::clock::now() < later) {
    }  // the loop does not turn
    pass(0ms);
    for (const auto& one : reminders)
        BOOST_TEST(one->rung == 1);
}

BOOST_AUTO_TEST_SUITE_END()
