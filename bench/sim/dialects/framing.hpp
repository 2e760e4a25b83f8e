// How events are framed: server-sent events with and without names, lines of JSON. Pure functions.
#pragma once

#include "bench/sim/dialects/json_view.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace spillway::bench::sim {

inline std::string frame_data(std::string_view data) {
    return fmt::format("data: {}\n\n", data);
}

// The event's name is its member "type".
inline std::string frame_named(const json::object& event) {
    return fmt::format("event: {}\ndata: {}\n\n", text_at(event, "type"), json::serialize(event));
}

inline std::string frame_line(const json::object& event) {
    return json::serialize(event) + "\n";
}

}  // namespace spillway::bench::sim
