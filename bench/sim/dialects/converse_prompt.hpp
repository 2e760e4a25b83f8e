// Reads a request to Converse into a prompt.
#pragma once

#include "bench/sim/dialects/prompt.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace spillway::bench::sim {

// REQUIRES: check_converse() had no complaint.
prompt read_converse_prompt(const boost::json::object& request, std::string model);

}  // namespace spillway::bench::sim
