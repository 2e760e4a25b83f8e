// Messages of application/vnd.amazon.eventstream: taking one apart, writing one in place. Views point into the octets
// that were read. Invariant: a message whose sums or lengths do not fit is never shown, not even in parts.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::adapters::converse {

// Lengths and their sum; the message's own sum stands behind its payload.
inline constexpr std::size_t prelude_octets = 12;
inline constexpr std::size_t least_message_octets = prelude_octets + 4;
inline constexpr std::size_t most_header_octets = 128 * 1024;
inline constexpr std::size_t most_payload_octets = 24 * 1024 * 1024;

enum class header_type : std::uint8_t {
    yes,
    no,
    integer8,
    integer16,
    integer32,
    integer64,
    octets,
    text,
    time,  // milliseconds since 1970
    uuid,
};

struct header {
    std::string_view name;
    header_type type = header_type::no;
    std::string_view value;  // big-endian integers; without the length in front of octets and text
};

struct message_view {
    std::string_view headers;
    std::string_view payload;
    std::string_view type;  // :message-type
    std::string_view name;  // :event-type or :exception-type

    // The value of a text header; empty if it is not there.
    [[nodiscard]] std::string_view text_of(std::string_view label) const noexcept;
};

// Octets of the message that begins so. Nothing: no message begins so. REQUIRES: prelude_octets of them.
[[nodiscard]] std::optional<std::size_t> message_size(std::string_view begin) noexcept;
// REQUIRES: as many octets as message_size() said.
[[nodiscard]] std::optional<message_view> read_message(std::string_view octets) noexcept;
// Takes the first header off. False: there is none. REQUIRES: the headers of a message that was read.
[[nodiscard]] bool next_header(std::string_view& headers, header& out) noexcept;

enum class message_type : std::uint8_t { event, exception };

// Appends what stands in front of a JSON payload; the caller appends the payload, then closes what was opened at
// the position this gives. REQUIRES: a name of less than 256 octets.
[[nodiscard]] std::size_t open_message(std::string& out, message_type type, std::string_view name);
void close_message(std::string& out, std::size_t begin);

}  // namespace spillway::adapters::converse
