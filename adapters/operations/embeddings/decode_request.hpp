// A client's request for embeddings, read in its dialect. Pure.
#pragma once

#include "adapters/operations/embeddings/embedding.hpp"

namespace spillway::adapters::embeddings {

// A problem: 400 that names the member. REQUIRES: facts were made by inspect() over a body that stays where it is.
[[nodiscard]] result<> decode_request(const request_facts& facts, embedding_request& into);

}  // namespace spillway::adapters::embeddings
