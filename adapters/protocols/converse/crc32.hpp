// CRC-32 of IEEE 802.3, as the event stream of Amazon carries it. Stateless.
#pragma once

#include <cstdint>
#include <string_view>

namespace spillway::adapters::converse {

// `before`: the sum of the octets in front, 0 for none.
[[nodiscard]] std::uint32_t crc32(std::string_view octets, std::uint32_t before = 0) noexcept;

}  // namespace spillway::adapters::converse
