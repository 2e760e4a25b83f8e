// Strict parser of request and response heads (RFC 9112, and our limits of S-H3 and S-H4). It is called with all
// octets received since the head began, as often as more arrive; it goes on where it stopped, so that every octet
// is looked at once and a bad head is refused by its first bad octet, not when it is complete. Owns nothing.
#pragma once

#include "proxy/wire/head.hpp"

#include <cstdint>
#include <string_view>

namespace spillway::wire {

// All counts are octets without the line end, but for `head`, which is the whole text.
struct head_limits {
    std::uint16_t first_line;
    std::uint16_t field;
    std::uint16_t head;
    std::uint16_t fields;
};

inline constexpr head_limits request_limits{8192, 16384, 32768, max_request_fields};
inline constexpr head_limits response_limits{8192, 65535, 65535, max_response_fields};

enum class head_state : std::uint8_t { incomplete, complete, refused };

// `consumed` is set when complete: the head's length, with empty lines before it. `status` and `reason` are set
// when refused: what a server answers (400, 405, 414, 431, 501, 505; 502 for a response), and static text.
struct head_verdict {
    head_state state = head_state::incomplete;
    std::uint16_t status = 0;
    std::uint32_t consumed = 0;
    std::string_view reason{};
};

// REQUIRES: `out` is reset, or holds the progress of an earlier call for the same head; `text` begins where that
// head begins and lives as long as views of `out` are used (or until rebase()). After a refusal the connection
// must be closed; nothing behind the refused octet means anything.
head_verdict parse_request(
    std::string_view text, request_head& out, const head_limits& limits = request_limits
) noexcept;

// As above. An interim answer (100, 102, 103 …) is a complete head of its own: reset and parse on behind it. An
// unasked 101 is refused.
head_verdict parse_response(
    std::string_view text, response_head& out, const head_limits& limits = response_limits
) noexcept;

}  // namespace spillway::wire
