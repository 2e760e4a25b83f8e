// The simulator's tokenizer: pieces of at most four octets that never cut a UTF-8 sequence. Deterministic,
// so that usage can be recomputed by whoever checks a bill.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

std::size_t count_tokens(std::string_view text);
std::vector<std::string_view> split_tokens(std::string_view text);

}  // namespace spillway::bench::sim
