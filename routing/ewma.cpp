#include "routing/ewma.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spillway::routing {

namespace {

std::uint32_t stamp_of(time_point now) noexcept {
    // Wraps after 49 days; ages are differences modulo 2^32, and a wrong one only mistunes one sample.
    const auto since = std::chrono::duration_cast<milliseconds>(now.time_since_epoch());
    return static_cast<std::uint32_t>(since.count());
}

std::uint64_t pack(float value, std::uint32_t stamp) noexcept {
    const auto word = std::uint64_t{std::bit_cast<std::uint32_t>(value)} << 32 | stamp;
    return word == 0 ? 1 : word;  // 0 means: no sample yet
}

float value_in(std::uint64_t word) noexcept {
    return std::bit_cast<float>(static_cast<std::uint32_t>(word >> 32));
}

}  // namespace

void ewma::add(float sample, time_point now) noexcept {
    constexpr float least_weight = 1.0F / 16;
    const auto stamp = stamp_of(now);
    auto seen = word_.load(std::memory_order_relaxed);
    std::uint64_t wanted = 0;
    do {
        float value = sample;
        if (seen != 0) {
            // Workers' clocks are read at different moments: a step back counts as no time.
            const auto step = static_cast<std::int32_t>(stamp - static_cast<std::uint32_t>(seen));
            const auto age = static_cast<float>(std::max(step, 0));
            const auto decayed = 1.0F - std::exp(-age / static_cast<float>(memory_.count()));
            value = std::lerp(value_in(seen), sample, std::max(decayed, least_weight));
        }
        wanted = pack(value, stamp);
    } while (!word_.compare_exchange_weak(seen, wanted, std::memory_order_relaxed));
}

std::optional<float> ewma::value() const noexcept {
    const auto word = word_.load(std::memory_order_relaxed);
    if (word == 0) return std::nullopt;
    return value_in(word);
}

}  // namespace spillway::routing
