#include "proxy/net/spawn.hpp"

#include <cstdlib>

namespace spillway::net {

namespace {

// Starts at once and destroys its own frame when it ends.
struct detached {
    struct promise_type {
        detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        // Only a failure handler that throws gets here.
        [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }
    };
};

detached run(task<> work, failure_handler on_failure) {
    std::exception_ptr error;
    try {
        co_await work;
    } catch (...) {
        error = std::current_exception();
    }
    if (error) on_failure(error);
}

}  // namespace

void spawn(task<> work, failure_handler on_failure) {
    run(std::move(work), std::move(on_failure));
}

}  // namespace spillway::net
