// Decides how a message body ends, or that nobody can tell (RFC 9112 6.3, made stricter: whatever two
// implementations could read differently is refused). Pure; reads a complete head.
#pragma once

#include "proxy/wire/head.hpp"

#include <cstdint>
#include <string_view>

namespace spillway::wire {

enum class body_kind : std::uint8_t { none, length, chunked, until_close, refused };

// `length` is set for that kind. `status` and `reason` are set when refused: what a server answers before it closes
// the connection (400, 413, 501; 502 for a response), and static text.
struct body_framing {
    body_kind kind = body_kind::none;
    std::uint16_t status = 0;
    std::uint64_t length = 0;
    std::string_view reason{};
};

inline constexpr std::uint64_t no_body_limit = UINT64_MAX;

// A Content-Length above `body_limit` is refused with 413, before any of it is read.
body_framing
request_framing(const request_head& head, std::uint64_t body_limit = no_body_limit) noexcept;

// `asked` is the method of the request that is answered: a HEAD has no body whatever its fields say.
body_framing response_framing(const response_head& head, method asked) noexcept;

}  // namespace spillway::wire
