// Base64 with the standard alphabet and padding. Decoding a text that is none gives nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

std::string encode_base64(std::string_view bytes);
std::optional<std::string> decode_base64(std::string_view text);

// The URL alphabet without padding, as JSON web tokens use it.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace spillway::bench::sim
