// Base64 as RFC 4648 section 4 has it, one way: the gateway passes media on as it comes and reads only what Amazon
// wraps a foreign event in.
#pragma once

#include <string>
#include <string_view>

namespace spillway::adapters::converse {

// Puts the octets into `out`, whose memory is reused. False: the text is no base64 with its padding.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& out);

}  // namespace spillway::adapters::converse
