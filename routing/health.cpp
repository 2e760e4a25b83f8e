#include "routing/health.hpp"

#include <algorithm>
#include <chrono>
#include <concepts>

namespace spillway::routing {

namespace {

//  63       57  56     55      48 47   44 43                              0
//  ┌──────────┬───────┬──────────┬───────┬────────────────────────────────┐
//  │  unused  │ trial │ failures │ level │ until (ms of the steady clock)  │
//  └──────────┴───────┴──────────┴───────┴────────────────────────────────┘
//
// `until` 0: closed. Otherwise open until then, half open afterwards. While a trial is out, `until` is when it
// is forgotten. `level` counts the ejections in a row. All transitions are compare-exchange loops on this one word:
// of two threads that see the same word one wins and the other looks again, hence one winner of a trial, and five
// failures open it once, not twice.
struct fields {
    std::uint64_t until = 0;
    std::uint32_t level = 0;
    std::uint32_t failures = 0;
    std::uint32_t trial = 0;

    bool is_closed() const noexcept { return until == 0; }
};

constexpr std::uint64_t until_mask = (std::uint64_t{1} << 44) - 1;
constexpr std::uint32_t level_mask = 15;
constexpr std::uint32_t failures_mask = 255;

fields unpack(std::uint64_t word) noexcept {
    return {
        .until = word & until_mask,
        .level = static_cast<std::uint32_t>(word >> 44) & level_mask,
        .failures = static_cast<std::uint32_t>(word >> 48) & failures_mask,
        .trial = static_cast<std::uint32_t>(word >> 56) & 1,
    };
}

std::uint64_t pack(const fields& f) noexcept {
    return (f.until & until_mask) | std::uint64_t{f.level} << 44 | std::uint64_t{f.failures} << 48 |
           std::uint64_t{f.trial} << 56;
}

std::uint64_t stamp(time_point at) noexcept {
    const auto ms = std::chrono::floor<milliseconds>(at.time_since_epoch()).count();
    return static_cast<std::uint64_t>(std::max<decltype(ms)>(ms, 1));
}

milliseconds rest_at(std::uint32_t level) noexcept {
    return std::min(
        breaker::first_rest * (1 << (std::clamp(level, 1U, 8U) - 1)), breaker::longest_rest
    );
}

void eject(fields& f, time_point now) noexcept {
    f.level = std::min(f.level + 1, level_mask);
    f.trial = 0;
    f.until = stamp(now + rest_at(f.level));
}

// Applies `change` until it sticks or says that there is nothing to change. True when it stuck.
template <std::predicate<fields&> Change>
bool transact(std::atomic<std::uint64_t>& word, Change change) noexcept {
    auto seen = word.load(std::memory_order_relaxed);
    while (true) {
        auto f = unpack(seen);
        if (!change(f)) return false;
        if (word.compare_exchange_weak(seen, pack(f), std::memory_order_relaxed)) return true;
    }
}

}  // namespace

breaker::view breaker::look(time_point now) const noexcept {
    const auto f = unpack(word_.load(std::memory_order_relaxed));
    if (f.is_closed()) return {standing::closed, milliseconds{0}};
    const auto at = stamp(now);
    if (at >= f.until) return {standing::half_open, milliseconds{0}};
    return {standing::open, milliseconds{f.until - at}};
}

std::uint32_t breaker::failures_in_row() const noexcept {
    return unpack(word_.load(std::memory_order_relaxed)).failures;
}

bool breaker::try_trial(time_point now) noexcept {
    return transact(word_, [now](fields& f) {
        if (f.is_closed() || stamp(now) < f.until) return false;
        f.trial = 1;
        f.until = stamp(now + trial_limit);
        return true;
    });
}

void breaker::answered(permit with) noexcept {
    transact(word_, [with](fields& f) {
        if (f.is_closed() || with == permit::normal) return false;
        f = fields{};
        return true;
    });
}

void breaker::completed(permit with) noexcept {
    transact(word_, [with](fields& f) {
        if (f.is_closed() ? f.failures == 0 : with == permit::normal) return false;
        f = fields{};
        return true;
    });
}

void breaker::failed(permit with, time_point now) noexcept {
    transact(word_, [with, now](fields& f) {
        if (f.is_closed()) {
            f.failures = std::min(f.failures + 1, failures_mask);
            if (f.failures >= failures_to_open) eject(f, now);
            return true;
        }
        // Stragglers from before the ejection and least-bad attempts prove nothing new.
        if (with != permit::trial || f.trial == 0) return false;
        eject(f, now);
        return true;
    });
}

void breaker::abandoned(permit with, time_point now) noexcept {
    transact(word_, [with, now](fields& f) {
        if (with != permit::trial || f.trial == 0) return false;
        f.trial = 0;
        f.until = stamp(now);
        return true;
    });
}

}  // namespace spillway::routing
