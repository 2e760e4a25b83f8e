// Reads a request in Anthropic's form into a prompt.
#pragma once

#include "bench/sim/dialects/prompt.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace spillway::bench::sim {

// REQUIRES: check_messages() had no complaint.
prompt read_messages_prompt(const boost::json::object& request, std::string model);

}  // namespace spillway::bench::sim
