// A look over a JSON object without reading it: strings end, brackets match, nothing stands in front or behind; and whether
// a member is named "error", at any depth. What is cut or garbled shows; a missing comma, a raw control or bad UTF-8
// does not: who must know walks. Two octets an instruction, five inside long strings. Stateless; needs no padding.
#pragma once

#include <cstdint>
#include <string_view>

namespace spillway::adapters::json {

enum class structure : std::uint8_t { broken, plain, names_error };

[[nodiscard]] structure look_over(std::string_view text) noexcept;

}  // namespace spillway::adapters::json
