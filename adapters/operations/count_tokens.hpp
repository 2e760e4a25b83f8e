// How many tokens a prompt has: estimated where no provider can be asked, and the answer of one that was. Pure.
#pragma once

#include "adapters/canonical/request.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace spillway::adapters::operations {

// Text by the classes of its characters, pictures and tools by Anthropic's documented formulas. Within a third of the
// true number for prose, code and JSON.
[[nodiscard]] std::uint64_t estimate_tokens(const canonical::request& asked);
// The same for a body in any dialect; one that cannot be read is counted by its octets, so that nothing is refused.
[[nodiscard]] std::uint64_t estimate_tokens(const request_facts& facts);

// As the dialect's clients read it: {"totalTokens":N} for Google's.
[[nodiscard]] std::string render_count(std::uint64_t tokens, protocol dialect);
// {"input_tokens":N}, and back.
[[nodiscard]] std::string render_count(std::uint64_t tokens);
[[nodiscard]] std::optional<std::uint64_t> read_count(padded_view body);

}  // namespace spillway::adapters::operations
