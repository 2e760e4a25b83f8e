// Writes the chunked coding around octets that stay where they are: a size line in front, CR LF behind. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace spillway::wire {

// Room for sixteen digits and CR LF.
using chunk_line = std::array<char, 18>;

// Size line of a chunk, written into `room` and viewed there. REQUIRES: size is not 0, which would end the body.
std::string_view chunk_size_line(chunk_line& room, std::size_t size) noexcept;

inline constexpr std::string_view chunk_end = "\r\n";
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace spillway::wire
