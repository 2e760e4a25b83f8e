// Reads a request to generateContent into a prompt.
#pragma once

#include "bench/sim/dialects/prompt.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace spillway::bench::sim {

// REQUIRES: check_contents() had no complaint; names are in camelCase.
prompt read_gemini_prompt(const boost::json::object& request, std::string model);

// The text of all parts of a content.
std::string text_of_gemini_content(const boost::json::value* content);

}  // namespace spillway::bench::sim
