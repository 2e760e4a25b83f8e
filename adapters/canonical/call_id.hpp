// Ids of tool calls for providers that give none. The same call of the same answer has the same id however the answer
// was cut; different answers have different ones, so that a history can be matched. Stateless.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::adapters::canonical {

// "call_" and sixteen hexadecimal digits, out of what tells the answer from others and the call from its siblings.
[[nodiscard]] std::string
call_id_of(std::string_view answer, std::uint32_t ordinal, std::string_view name);

}  // namespace spillway::adapters::canonical
