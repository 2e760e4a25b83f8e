// The breaker of one target in one atomic word: closed → (5 failures in a row) → open for 30 s → half open: one
// trial by one winner → closed, or open for twice as long, up to 300 s. Any thread may ask and tell.
// Faults of the caller are never told to it. Relaxed order: the word is the whole state and guards no other data.
#pragma once

#include "routing/facts.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace spillway::routing {

enum class standing : std::uint8_t { closed, half_open, open };

// On what ground an attempt goes out; told back with its outcome, so that stragglers decide nothing.
enum class permit : std::uint8_t {
    normal,     // the breaker was closed
    trial,      // half open, and this attempt won the trial
    least_bad,  // open, but there was nobody better
};

class breaker {
public:
    static constexpr std::uint32_t failures_to_open = 5;
    static constexpr milliseconds first_rest = std::chrono::seconds{30};
    static constexpr milliseconds longest_rest = std::chrono::seconds{300};
    static constexpr milliseconds trial_limit =
        std::chrono::seconds{30};  // a trial never heard of again

    struct view {
        standing is;
        milliseconds remaining;  // until half open; zero unless open
    };

    view look(time_point now) const noexcept;
    std::uint32_t failures_in_row() const noexcept;

    // True for one asker once the rest is over; the others see `open` until the trial is told or forgotten.
    bool try_trial(time_point now) noexcept;

    void answered(permit with) noexcept;                // a good head: ends an ejection
    void completed(permit with) noexcept;               // a good end: also forgets failures
    void failed(permit with, time_point now) noexcept;  // counts, opens, or reopens for longer
    void
    abandoned(permit with, time_point now) noexcept;  // nothing was learnt: the trial is free again

private:
    std::atomic<std::uint64_t> word_{0};
};

}  // namespace spillway::routing
