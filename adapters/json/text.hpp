// JSON strings and numbers as text: resolving escapes, writing them, reading plain integers. Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::adapters::json {

// Resolves the escapes of a string's raw text (valid JSON, without quotes). Nothing for lone surrogates.
[[nodiscard]] std::optional<std::string> unescaped(std::string_view raw);
// The same with U+FFFD for a lone surrogate.
[[nodiscard]] std::string unescaped_leniently(std::string_view raw);

// A non-negative integer without sign, fraction or exponent that fits 64 bits.
[[nodiscard]] std::optional<std::uint64_t> to_integer(std::string_view text) noexcept;

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace spillway::adapters::json
