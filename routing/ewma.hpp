// A time-decayed average in one atomic word: the value as a float and the time of its last sample in
// milliseconds. Any thread may add or read. Relaxed order: the word guards no other data; a lost race is retried.
#pragma once

#include "routing/facts.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace spillway::routing {

class ewma {
public:
    explicit ewma(milliseconds memory = std::chrono::seconds{10}) noexcept : memory_{memory} {}

    // The older the last sample, the more the new one weighs: 1 - exp(-age / memory), at least 1/16 so that
    // bursts within a millisecond count too.
    void add(float sample, time_point now) noexcept;
    std::optional<float> value() const noexcept;

private:
    std::atomic<std::uint64_t> word_{0};  // 0: no sample yet
    milliseconds memory_;
};

}  // namespace spillway::routing
