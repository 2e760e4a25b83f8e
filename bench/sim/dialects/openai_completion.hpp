// The simulated legacy completion model and the embedding model. Same contract as openai_chat.hpp.
#pragma once

#include "bench/sim/dialects/openai_chat.hpp"

namespace spillway::bench::sim {

// REQUIRES: validate_completion() had no complaint.
reply answer_completion(const boost::json::object& request, const answer_frame& frame);

// REQUIRES: validate_embeddings() had no complaint. Vectors are unit length and depend only on the input.
reply answer_embeddings(const boost::json::object& request);

}  // namespace spillway::bench::sim
