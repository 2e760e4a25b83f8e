// What the rules of a row do to one value, whichever way the request goes to its provider. Pure.
#pragma once

#include "adapters/registry.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::chat {

// The nearest number inside the range; empty: it is inside, or no number.
[[nodiscard]] std::string clamped(const number_range& within, std::string_view number);

// A value of tool_choice that does not leave the model its choice.
[[nodiscard]] constexpr bool is_forced_choice(std::string_view value) noexcept {
    return value != "\"auto\"" && value != "\"none\"" && value != "null";
}

}  // namespace spillway::adapters::chat
