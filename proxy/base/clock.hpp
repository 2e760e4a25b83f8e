// Time as the hall counts it: the monotonic clock, and points on it. A wall clock exists only where a
// person or a header needs a date.
#pragma once

#include <chrono>

namespace spillway::base {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;
using duration = clock::duration;

inline constexpr time_point never = time_point::max();

}  // namespace spillway::base
