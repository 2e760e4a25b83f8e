// Reads a request to Cohere's /v2/chat into a prompt.
#pragma once

#include "bench/sim/dialects/prompt.hpp"

#include <boost/json/object.hpp>

namespace spillway::bench::sim {

// REQUIRES: check_cohere_chat() had no complaint.
prompt read_cohere_prompt(const boost::json::object& request);

}  // namespace spillway::bench::sim
