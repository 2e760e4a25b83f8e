// Durations as people write them on a command line and as providers write them in rate-limit fields.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench {

// "60ms", "1.5s", "250us", "2m", "0"; nothing on anything else. A number without a unit is seconds.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

// "12ms", "1.5s", "6m0s", "1h30m0s": the form of x-ratelimit-reset-*.
std::string print_duration(std::chrono::nanoseconds value);

// A mean and how far single values scatter around it, e.g. "60ms,20%" (normal) or "60ms,20%,lognormal".
struct spread_duration {
    enum class shape { fixed, normal, lognormal };

    std::chrono::nanoseconds mean{0};
    double relative_spread = 0;
    shape form = shape::fixed;
};

std::optional<spread_duration> parse_spread_duration(std::string_view text);

}  // namespace spillway::bench
