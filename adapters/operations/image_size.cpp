#include "adapters/operations/image_size.hpp"

#include <cstddef>

namespace spillway::adapters::operations {

namespace {

std::uint32_t octet(std::string_view from, std::size_t at) noexcept {
    return static_cast<unsigned char>(from[at]);
}
std::uint32_t big16(std::string_view from, std::size_t at) noexcept {
    return octet(from, at) << 8 | octet(from, at + 1);
}
std::uint32_t big32(std::string_view from, std::size_t at) noexcept {
    return big16(from, at) << 16 | big16(from, at + 2);
}
std::uint32_t little16(std::string_view from, std::size_t at) noexcept {
    return octet(from, at + 1) << 8 | octet(from, at);
}
std::uint32_t little24(std::string_view from, std::size_t at) noexcept {
    return octet(from, at + 2) << 16 | little16(from, at);
}

// Segments follow one another, each with its length; the frame header (C0 to CF, less three) has the size.
std::optional<image_size> jpeg_size(std::string_view from) noexcept {
    std::size_t at = 2;
    while (at + 9 < from.size() && octet(from, at) == 0xff) {
        const auto marker = octet(from, at + 1);
        const bool is_frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (is_frame) return image_size{big16(from, at + 7), big16(from, at + 5)};
        at += 2 + std::size_t{big16(from, at + 2)};
    }
    return std::nullopt;
}

std::optional<image_size> webp_size(std::string_view from) noexcept {
    const auto kind = from.substr(12, 4);
    if (kind == "VP8X") return image_size{little24(from, 24) + 1, little24(from, 27) + 1};
    if (kind == "VP8 ") return image_size{little16(from, 26) & 0x3fff, little16(from, 28) & 0x3fff};
    if (kind != "VP8L") return std::nullopt;
    const auto bits = little24(from, 21) | octet(from, 24) << 24;
    return image_size{(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
}

}  // namespace

std::optional<image_size> image_size_of(std::string_view octets) noexcept {
    constexpr std::size_t least = 30;
    if (octets.size() < least) return std::nullopt;
    if (octets.starts_with("\x89PNG")) return image_size{big32(octets, 16), big32(octets, 20)};
    if (octets.starts_with("GIF8")) return image_size{little16(octets, 6), little16(octets, 8)};
    if (octets.starts_with("\xff\xd8")) return jpeg_size(octets);
    if (octets.starts_with("RIFF") && octets.substr(8, 4) == "WEBP") return webp_size(octets);
    return std::nullopt;
}

}  // namespace spillway::adapters::operations
