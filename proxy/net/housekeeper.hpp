// Returns the memory that a wave of requests left behind in its thread's frame cache, soon after the wave. One a worker,
// made and destroyed on its thread; an idle worker wakes for it until nothing is left to return, then no more.
#pragma once

#include "proxy/net/frame_cache.hpp"
#include "proxy/net/timer_wheel.hpp"

namespace spillway::net {

class housekeeper final : private frame_cache::keeper, private wheel_entry {
public:
    explicit housekeeper(timer_wheel& wheel) noexcept : wheel_{wheel} {
        frame_cache::set_keeper(this);
    }
    ~housekeeper() override { frame_cache::set_keeper(nullptr); }

    static constexpr std::chrono::milliseconds wave{500};

private:
    void has_spare() override { wheel_.set(*this, wheel_.now() + wave); }
    void expired() override { frame_cache::tidy(); }

    timer_wheel& wheel_;
};

}  // namespace spillway::net
