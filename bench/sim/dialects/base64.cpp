#include "bench/sim/dialects/base64.hpp"

#include <boost/beast/core/detail/base64.hpp>

#include <algorithm>

namespace spillway::bench::sim {

namespace base64 = boost::beast::detail::base64;

std::string encode_base64(std::string_view bytes) {
    std::string encoded(base64::encoded_size(bytes.size()), '\0');
    encoded.resize(base64::encode(encoded.data(), bytes.data(), bytes.size()));
    return encoded;
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string decoded(base64::decoded_size(text.size()), '\0');
    const auto [written, read] = base64::decode(decoded.data(), text.data(), text.size());
    const auto padding = text.size() - std::min(text.size(), text.find('='));
    if (read + padding != text.size() || padding > 2) return std::nullopt;
    decoded.resize(written);
    return decoded;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    std::string standard{text};
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    standard.resize((standard.size() + 3) / 4 * 4, '=');
    return decode_base64(standard);
}

}  // namespace spillway::bench::sim
