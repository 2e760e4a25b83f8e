// A request for embeddings in the words of the endpoint that makes them. Pure.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/operations/embeddings/embedding.hpp"
#include "adapters/operations/embeddings/wire.hpp"

#include <string>

namespace spillway::adapters::embeddings {

// Appends the body to `out`; what the target cannot carry is added to to.dropped. A problem: it cannot be asked this.
// REQUIRES: `what` is not none.
[[nodiscard]] result<> encode_request(
    const embedding_request& from, wire what, const canonical::encode_context& to, std::string& out
);

}  // namespace spillway::adapters::embeddings
