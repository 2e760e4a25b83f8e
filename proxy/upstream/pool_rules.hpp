// How many connections are kept, and which: pure decisions, no socket. Last in, first out, since the warmest
// connection has the best congestion window and the best chance to be alive.
#pragma once

#include "proxy/base/clock.hpp"

#include <cstddef>
#include <cstdint>

namespace spillway::upstream {

struct pool_limits {
    // A worker and origin. Last in, first out: what is not needed ages out by itself, and a limit below the
    // concurrency makes requests pay for connecting (256 at once, 64 parked: twice the CPU a request).
    std::size_t parked = 512;
    std::chrono::seconds idle{55};    // below the 60 s at which common load balancers close
    std::chrono::minutes age{30};     // so that a changed address is noticed
    std::uint32_t requests = 10'000;  // on one connection
};

struct connection_history {
    base::time_point opened;
    std::uint32_t requests = 0;
};

enum class parking : std::uint8_t { keep, retire };

constexpr parking may_park(
    const pool_limits& limits,
    const connection_history& history,
    std::size_t parked,
    base::time_point now
) noexcept {
    const bool fits = parked < limits.parked && history.requests < limits.requests &&
                      now - history.opened < limits.age;
    return fits ? parking::keep : parking::retire;
}

}  // namespace spillway::upstream
