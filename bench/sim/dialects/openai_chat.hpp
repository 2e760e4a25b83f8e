// The simulated model behind /chat/completions, whole or as OpenAI's stream of chunks. No I/O, no clock: the
// creation time and the answer's id come in.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

namespace spillway::bench::sim {

// REQUIRES: validate_chat() had no complaint.
reply answer_chat(const boost::json::object& request, const answer_frame& frame);

// "stop", "length", "tool_calls" or "content_filter".
std::string_view chat_finish(const said& choice);

}  // namespace spillway::bench::sim
