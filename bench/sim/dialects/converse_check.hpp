// What Bedrock's Converse refuses with a ValidationException: roles that do not alternate, blank text, tool
// blocks without a tool configuration, results that do not pair with calls.
#pragma once

#include "bench/sim/dialects/checks.hpp"

namespace spillway::bench::sim {

verdict check_converse(const json::object& request);

// The conversation alone.
verdict check_converse_turns(const json::array& messages);

}  // namespace spillway::bench::sim
