// Prints an answer as Converse does, whole or as frames of Amazon's event stream, and a Claude message as
// InvokeModel streams it.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <string_view>
#include <vector>

namespace spillway::bench::sim {

inline constexpr std::string_view aws_stream_type = "application/vnd.amazon.eventstream";

reply print_converse(const answer& made);
reply stream_converse(const answer& made);

// `events` in Anthropic's form, each wrapped in a frame of type "chunk".
reply stream_invoked(const answer& made, std::vector<boost::json::object> events);

}  // namespace spillway::bench::sim
