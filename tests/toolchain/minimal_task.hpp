// The smallest coroutine that can show the defects of a compiler: started when awaited, resumed by nobody but
// its caller, no library below it. Owned by the test that runs it, on one thread.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace spillway::toolchain {

// Hands control back to the coroutine that awaited the finished one.
struct resume_caller {
    static constexpr bool await_ready() noexcept { return false; }
    static constexpr void await_resume() noexcept {}

    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) noexcept {
        return finished.promise().caller;
    }
};

struct promise_base {
    static std::suspend_always initial_suspend() noexcept { return {}; }
    static resume_caller final_suspend() noexcept { return {}; }
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }

    std::coroutine_handle<> caller = std::noop_coroutine();
};

template <class T>
struct promise_of : promise_base {
    template <class U>
    void return_value(U&& given) {
        value.emplace(std::forward<U>(given));
    }
    T take() { return std::move(*value); }

    std::optional<T> value;
};

template <>
struct promise_of<void> : promise_base {
    static void return_void() noexcept {}
    static void take() noexcept {}
};

template <class T = void>
class [[nodiscard]] minimal_task {
public:
    struct promise_type : promise_of<T> {
        minimal_task get_return_object() {
            return minimal_task{std::coroutine_handle<promise_type>::from_promise(*this)};
        }
    };

    minimal_task(minimal_task&& other) noexcept : frame_{std::exchange(other.frame_, {})} {}
    minimal_task& operator=(minimal_task&&) = delete;
    ~minimal_task() {
        if (frame_) frame_.destroy();
    }

    static bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
        frame_.promise().caller = caller;
        return frame_;
    }
    T await_resume() { return frame_.promise().take(); }

    // Runs a task that nobody awaits, to its end.
    void run() { frame_.resume(); }

private:
    explicit minimal_task(std::coroutine_handle<promise_type> frame) noexcept : frame_{frame} {}

    std::coroutine_handle<promise_type> frame_;
};

}  // namespace spillway::toolchain
