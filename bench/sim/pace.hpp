// How fast and how much a model says. Defaults come from the flags; a model id that starts with "bench-" or
// "sim-" may carry its own values behind dots: "bench-sse.e500.p20ms.t60ms" — e events, p pause between
// events, t time to first event, b octets an event, a octets of a whole answer.
#pragma once

#include "bench/base/duration_text.hpp"

#include <cstddef>
#include <string_view>

namespace spillway::bench::sim {

struct pace {
    spread_duration first{};          // until the first octet of the answer
    std::chrono::nanoseconds gap{0};  // between events
    std::size_t events = 100;
    std::size_t event_bytes = 220;
    std::size_t answer_bytes = 1200;
};

// Reads the settings of a model id over the defaults; unknown parts are part of the name.
pace pace_of_model(std::string_view model, const pace& defaults);

inline bool is_bench_model(std::string_view model) {
    return model.starts_with("bench-");
}
inline bool has_settings(std::string_view model) {
    return is_bench_model(model) || model.starts_with("sim-");
}

}  // namespace spillway::bench::sim
