// Reads a request to /chat/completions into a prompt.
#pragma once

#include "bench/sim/dialects/prompt.hpp"

#include <boost/json/object.hpp>

namespace spillway::bench::sim {

// REQUIRES: validate_chat() had no complaint.
prompt read_chat_prompt(const boost::json::object& request);

// A text or a list of texts.
std::vector<std::string> read_stops(const boost::json::value* stop);

}  // namespace spillway::bench::sim
