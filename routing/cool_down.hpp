// A rest after a rate limit or a refused key: one instant until which a place is left alone. Any thread may
// read or extend it. A rest is never shortened by a later, shorter one. Relaxed order: the word guards no other
// data, and acting on a rest a moment late costs one refused attempt.
#pragma once

#include "routing/facts.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace spillway::routing {

struct rest_policy {
    milliseconds usual{std::chrono::seconds{5}};     // nothing, or nonsense, was stated
    milliseconds longest{std::chrono::minutes{10}};  // whatever was stated
    milliseconds shortest{100};                      // "0" would invite hammering
};

class cool_down {
public:
    void rest(
        std::optional<milliseconds> stated, time_point now, const rest_policy& policy = {}
    ) noexcept;
    // Zero when not resting; rounded up to a whole millisecond, so that a caller who waits it out finds it over.
    milliseconds remaining(time_point now) const noexcept;
    bool is_resting(time_point now) const noexcept { return remaining(now) > milliseconds{0}; }

private:
    std::atomic<std::int64_t> until_{INT64_MIN};  // ticks of the steady clock
};

// What a stated `Retry-After` is worth: nothing or negative → usual, above the cap → the cap, below the floor → the floor.
milliseconds bounded_rest(std::optional<milliseconds> stated, const rest_policy& policy) noexcept;

}  // namespace spillway::routing
