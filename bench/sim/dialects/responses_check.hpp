// What OpenAI refuses with 400 on /v1/responses: unknown parameters, wrong ranges, items that do not belong
// together, references to state that is not kept here.
#pragma once

#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace spillway::bench::sim {

std::optional<api_error> check_responses(const boost::json::object& request);

// The items of "input" alone.
std::optional<api_error> check_responses_input(const boost::json::object& request);

// A complaint about one parameter.
api_error refuse_parameter(std::string message, std::string param, std::string code);

}  // namespace spillway::bench::sim
