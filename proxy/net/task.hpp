// The coroutine type of the hall: lazy, single-threaded, awaited once. Small on purpose: Asio's awaitable
// costs a completion chain a wait and cannot be woken by our own reactor operation (DECISIONS.md, 2).
//
// A child that finishes without ever suspending hands its result back by plain return, so a loop of such
// calls does not grow the stack even where the compiler makes no tail calls (debug and sanitizer builds).
// An exception travels to whoever awaits; at the root `spawn` has a handler for it.
#pragma once

#include "proxy/net/frame_cache.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace spillway::net {

template <class T = void>
class task;

namespace detail {

class promise_base {
public:
    static void* operator new(std::size_t octets) { return frame_cache::take(octets); }
    static void operator delete(void* frame, std::size_t octets) noexcept {
        frame_cache::give_back(frame, octets);
    }

    std::suspend_always initial_suspend() const noexcept { return {}; }

    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> me) const noexcept {
            return me.promise().finish();
        }
        void await_resume() const noexcept {}
    };
    final_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { error_ = std::current_exception(); }

    // Runs the child for the first time. True: it is still under way and will resume `parent`.
    bool start(std::coroutine_handle<> me, std::coroutine_handle<> parent) {
        me.resume();
        if (finished_) return false;
        parent_ = parent;
        return true;
    }

protected:
    void rethrow() const {
        if (error_) std::rethrow_exception(error_);
    }

private:
    std::coroutine_handle<> finish() noexcept {
        finished_ = true;
        return parent_ ? parent_ : std::noop_coroutine();
    }

    std::coroutine_handle<> parent_;
    std::exception_ptr error_;
    bool finished_ = false;
};

template <class T>
class promise : public promise_base {
public:
    task<T> get_return_object() noexcept;
    template <class U>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }
    T take() {
        rethrow();
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
};

template <>
class promise<void> : public promise_base {
public:
    task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const { rethrow(); }
};

}  // namespace detail

template <class T>
class [[nodiscard]] task {
public:
    using promise_type = detail::promise<T>;

    explicit task(std::coroutine_handle<promise_type> frame) noexcept : frame_{frame} {}
    task(task&& other) noexcept : frame_{std::exchange(other.frame_, {})} {}
    task& operator=(task&&) = delete;
    ~task() {
        if (frame_) frame_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> parent) {
        return frame_.promise().start(frame_, parent);
    }
    T await_resume() { return frame_.promise().take(); }

private:
    std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
task<T> promise<T>::get_return_object() noexcept {
    return task<T>{std::coroutine_handle<promise<T>>::from_promise(*this)};
}

inline task<void> promise<void>::get_return_object() noexcept {
    return task<void>{std::coroutine_handle<promise<void>>::from_promise(*this)};
}

}  // namespace detail

}  // namespace spillway::net
