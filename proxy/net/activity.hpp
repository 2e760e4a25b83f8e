// What one coroutine waits for: at most one thing at a time, until a deadline, unless somebody interrupts.
// Owned by the session; touched on the worker's thread. A deadline is set once for all waits that follow and
// moved by a plain store, so a relay pays nothing for it per event.
#pragma once

#include "proxy/net/timer_wheel.hpp"

#include <coroutine>
#include <cstdint>

namespace spillway::net {

enum class wake : std::uint8_t {
    ready,
    timeout,      // the deadline passed
    client_gone,  // the other end of the request does not want the answer any more
    draining,     // the process stops and waits no longer
};

class activity;

// Something that can be waited for. It remembers who waits and forgets him when he is interrupted.
class waitable {
public:
    waitable() = default;
    waitable(const waitable&) = delete;
    waitable& operator=(const waitable&) = delete;

protected:
    ~waitable();
    bool has_waiter() const noexcept { return waiter_ != nullptr; }
    // Resumes the waiter, if any. `this` may be gone afterwards.
    void wake_waiter();
    // What there is to wait for has come already: a wait ends at once.
    bool is_due() const noexcept { return due_; }
    void set_due(bool due) noexcept { due_ = due; }

private:
    friend class activity;
    activity* waiter_ = nullptr;
    bool due_ = false;
};

class activity final : private wheel_entry {
public:
    explicit activity(timer_wheel& wheel) noexcept : wheel_{wheel} {}
    ~activity() override;

    timer_wheel& wheel() noexcept { return wheel_; }
    base::time_point now() const noexcept { return wheel_.now(); }

    // Waits that are under way or follow end with wake::timeout at `deadline`.
    void until(base::time_point deadline) { wheel_.set(*this, deadline); }
    void until_told() { wheel_.set(*this, base::never); }

    // Ends the wait under way, or the next one at once. The first reason stays until clear_interrupt().
    void interrupt(wake why);
    // Lets the wait under way look again, as if its thing were ready. Nothing when none is under way.
    void nudge();
    void clear_interrupt() noexcept { interrupted_ = wake::ready; }
    wake interrupted() const noexcept { return interrupted_; }

    // co_await self.wait_for(thing): suspends until the thing wakes us, the deadline or an interrupt.
    struct awaiter {
        activity& self;
        waitable& thing;
        bool await_ready() const noexcept { return self.interrupted_ != wake::ready || thing.due_; }
        void await_suspend(std::coroutine_handle<> frame) noexcept { self.suspend(thing, frame); }
        wake await_resume() noexcept { return self.resumed(); }
    };
    awaiter wait_for(waitable& thing) noexcept { return awaiter{*this, thing}; }

private:
    friend class waitable;
    void suspend(waitable& thing, std::coroutine_handle<> frame) noexcept;
    void resume(wake why);
    wake resumed() noexcept;
    void expired() override;

    timer_wheel& wheel_;
    waitable* thing_ = nullptr;
    std::coroutine_handle<> frame_;
    wake why_ = wake::ready;
    wake interrupted_ = wake::ready;
};

}  // namespace spillway::net
