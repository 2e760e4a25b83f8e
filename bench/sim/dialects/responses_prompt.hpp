// Reads a request to /v1/responses into a prompt.
#pragma once

#include "bench/sim/dialects/prompt.hpp"

#include <boost/json/object.hpp>

namespace spillway::bench::sim {

// REQUIRES: check_responses() had no complaint.
prompt read_responses_prompt(const boost::json::object& request);

}  // namespace spillway::bench::sim
