#include "proxy/net/spawn.hpp"
#include "proxy/net/task.hpp"
#include "tests/support/loop_runner.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace spillway;

struct bell final : net::waitable {
    void ring() { wake_waiter(); }
};

net::task<int> next_of(int number) {
    co_return number + 1;
}

// How far the stack has come down from `top` here.
std::size_t depth_below(const char* top) {
    const char here = 0;
    const char* volatile address = &here;
    return static_cast<std::size_t>(top - address);
}

net::task<> count_synchronously(int rounds, const char* top, std::size_t& deepest) {
    int number = 0;
    while (number < rounds) {
        number = co_await next_of(number);
        deepest = std::max(deepest, depth_below(top));
    }
}

net::task<int> wait_and_count(bell& on, net::activity& self, int number) {
    co_await self.wait_for(on);
    co_return number + 1;
}

net::task<> count_with_waits(bell& on, net::activity& self, int rounds, int& number) {
    while (number < rounds)
        number = co_await wait_and_count(on, self, number);
}

net::task<int> fail_at_once() {
    throw std::runtime_error{"at once"};
    co_return 0;
}

net::task<int> fail_later(bell& on, net::activity& self) {
    co_await self.wait_for(on);
    throw std::runtime_error{"later"};
}

net::task<> note_what(net::task<int> work, std::string& what) {
    try {
        co_await work;
    } catch (const std::runtime_error& error) {
        what = error.what();
    }
}

net::task<> throw_through(net::task<int> work) {
    co_await work;
}

net::task<std::unique_ptr<int>> make_number(int number) {
    co_return std::make_unique<int>(number);
}

net::task<> hold(std::shared_ptr<int> something) {
    static_cast<void>(something);
    co_return;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(task)

BOOST_AUTO_TEST_CASE(a_million_synchronous_calls_do_not_grow_the_stack) {
    const char top = 0;
    const char* volatile here = &top;
    std::size_t deepest = 0;
    tests::loop_runner runner;
    runner.run(count_synchronously(1'000'000, here, deepest));
    BOOST_TEST(deepest < 16'384U);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_waits_do_not_grow_the_stack) {
    tests::loop_runner runner;
    net::activity self{runner.wheel()};
    bell on;
    int number = 0;
    runner.start(count_with_waits(on, self, 100'000, number));
    for (int i = 0; i < 100'000; ++i)
        on.ring();
    BOOST_TEST(number == 100'000);
}

BOOST_AUTO_TEST_CASE(exceptions_travel_to_whoever_awaits) {
    tests::loop_runner runner;
    std::string what;
    runner.run(note_what(fail_at_once(), what));
    BOOST_TEST(what == "at once");
    net::activity self{runner.wheel()};
    bell on;
    runner.start(note_what(fail_later(on, self), what));
    on.ring();
    BOOST_TEST(what == "later");
}

BOOST_AUTO_TEST_CASE(an_exception_nobody_awaits_reaches_the_handler) {
    std::string what;
    net::spawn(throw_through(fail_at_once()), [&what](std::exception_ptr error) {
        try {
            std::rethrow_exception(error);
        } catch (const std::runtime_error& why) {
            what = why.what();
        }
    });
    BOOST_TEST(what == "at once");
}

BOOST_AUTO_TEST_CASE(results_may_be_move_only) {
    tests::loop_runner runner;
    const std::unique_ptr<int> number = runner.run(make_number(7));
    BOOST_TEST(*number == 7);
}

BOOST_AUTO_TEST_CASE(a_task_that_is_never_awaited_gives_back_what_it_holds) {
    const auto something = std::make_shared<int>(1);
    {
        const net::task<> idle = hold(something);
        BOOST_TEST(something.use_count() == 2);
    }
    BOOST_TEST(something.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
