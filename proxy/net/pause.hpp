// Nothing but time: a coroutine that must not go on at once waits for this. Belongs to one worker's thread.
// It has an entry of its own on the wheel, so the activity's deadline stays what it was.
#pragma once

#include "proxy/net/activity.hpp"

namespace spillway::net {

class pause final : public waitable, private wheel_entry {
public:
    explicit pause(timer_wheel& wheel) noexcept : wheel_{wheel} {}

    // co_await rest.for_a(100ms, self)
    activity::awaiter for_a(base::duration length, activity& self) {
        wheel_.set(*this, wheel_.now() + length);
        return self.wait_for(*this);
    }

private:
    void expired() override { wake_waiter(); }

    timer_wheel& wheel_;
};

}  // namespace spillway::net
