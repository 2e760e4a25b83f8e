// A worker's loop and wheel for tests: starts coroutines and runs the loop until something has come true. A test
// that would hang fails after half a minute instead.
#pragma once

#include "proxy/net/activity.hpp"
#include "proxy/net/spawn.hpp"
#include "proxy/net/timer_wheel.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <concepts>
#include <optional>
#include <stdexcept>

namespace spillway::tests {

class loop_runner {
public:
    net::loop& loop() noexcept { return loop_; }
    net::timer_wheel& wheel() noexcept { return wheel_; }

    template <std::predicate Condition>
    void until(Condition condition) {
        const auto limit = base::clock::now() + std::chrono::seconds{30};
        while (!condition()) {
            if (error_) std::rethrow_exception(error_);
            if (base::clock::now() > limit) throw std::runtime_error{"the loop hangs"};
            loop_.run_one_for(std::chrono::milliseconds{100});
        }
    }

    // Runs what is ready now, nothing that has to be waited for.
    void settle() { loop_.poll(); }

    void start(net::task<> work) {
        net::spawn(std::move(work), [this](std::exception_ptr error) { error_ = error; });
    }

    template <class T>
    T run(net::task<T> work) {
        std::optional<T> outcome;
        start(keep(std::move(work), outcome));
        until([&] { return outcome.has_value(); });
        return std::move(*outcome);
    }

    void run(net::task<> work) {
        bool done = false;
        start(note(std::move(work), done));
        until([&] { return done; });
    }

private:
    template <class T>
    static net::task<> keep(net::task<T> work, std::optional<T>& outcome) {
        T value = co_await work;
        outcome.emplace(std::move(value));
    }
    static net::task<> note(net::task<> work, bool& done) {
        co_await work;
        done = true;
    }

    net::loop loop_;
    boost::asio::executor_work_guard<net::executor> stay_{loop_.get_executor()};
    net::timer_wheel wheel_{loop_};
    std::exception_ptr error_;
};

}  // namespace spillway::tests
