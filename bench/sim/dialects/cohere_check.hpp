// What Cohere refuses with 400 or 422: required members, roles, ranges, wishes that exclude each other.
#pragma once

#include "bench/sim/dialects/checks.hpp"

namespace spillway::bench::sim {

verdict check_cohere_chat(const json::object& request);
verdict check_cohere_embed(const json::object& request);
verdict check_cohere_rerank(const json::object& request);

}  // namespace spillway::bench::sim
