// The simulated model behind /chat/completions: decides what to say (text, tool calls, an object that fits
// a schema) from the request, and prints it whole or as OpenAI's stream of chunks. No I/O, no clock: the
// creation time and the answer's id come in.
#pragma once

#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace spillway::bench::sim {

struct answer_frame {
    std::string id;  // without its prefix
    std::int64_t created = 0;
    std::size_t least_bytes = 0;  // pad text answers up to this
};

// REQUIRES: validate_chat() had no complaint.
reply answer_chat(const boost::json::object& request, const answer_frame& frame);

}  // namespace spillway::bench::sim
