// Reads the vectors and the count of tokens out of an answer of any kind: its members say which. Vectors are found, not
// read into numbers. Pure.
#pragma once

#include "adapters/json/padded.hpp"
#include "adapters/operations/embeddings/embedding.hpp"

namespace spillway::adapters::embeddings {

// False: no valid JSON, a vector is no list of numbers, or there are none. Views into `body`. An answer of `expected`
// vectors may tell their order; 0: it is not known how many there should be.
[[nodiscard]] bool
read_answer(padded_view body, std::size_t expected, embedding_answer& into) noexcept;

}  // namespace spillway::adapters::embeddings
