// What OpenAI refuses with 400 on /v1/responses: unknown parameters, wrong ranges, items that do not belong
// together, references to state that is not kept here.
#pragma once

#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace spillway::bench::sim {

std::optional<api_error> check_responses(const boost::json::object& request);

}  // namespace spillway::bench::sim
