// The commonest event of a stream, read without making nodes of it: {"contentBlockIndex":0,"delta":{"text":"…"},"p":"…"}
// in the order and spelling Bedrock sends. As strict as the whole reader. Stateless.
#pragma once

#include "adapters/json/padded.hpp"
#include "adapters/json/spelled.hpp"

#include <cstdint>
#include <optional>

namespace spillway::adapters::converse {

struct text_delta {
    std::uint64_t index = 0;
    json::escaped text;
};

// Nothing: it looks otherwise, and has to be read as any JSON.
[[nodiscard]] std::optional<text_delta> read_text_delta(padded_view payload) noexcept;

}  // namespace spillway::adapters::converse
