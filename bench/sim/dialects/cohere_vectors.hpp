// Cohere's vectors and rankings. Pure functions of the request.
#pragma once

#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace spillway::bench::sim {

// REQUIRES: check_cohere_embed() had no complaint.
reply embed_cohere(const boost::json::object& request, std::string_view id);

// REQUIRES: check_cohere_rerank() had no complaint. Relevance is the likeness of the simulated vectors.
reply rerank_cohere(const boost::json::object& request, std::string_view id);

}  // namespace spillway::bench::sim
