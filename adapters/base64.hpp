// Base64 as media and event payloads carry it. Stateless.
#pragma once

#include <string>
#include <string_view>

namespace spillway::adapters {

// Appends what the text spells; padding may be missing. False: it is no base64 of either alphabet, and `out` holds
// what came before.
[[nodiscard]] bool append_from_base64(std::string& out, std::string_view text);

// Appends base64 of the octets, padded.
void append_base64(std::string& out, std::string_view octets);

}  // namespace spillway::adapters
