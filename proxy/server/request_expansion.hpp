// A request body that came in a content coding, made plain: in place of the coded octets in the session's buffer. What
// comes out is bounded like a body that comes plain. Used by a session for one request; nothing waits.
#pragma once

#include "proxy/flow/client_request.hpp"
#include "proxy/wire/content_decoder.hpp"

#include <cstdint>

namespace spillway::server {

enum class expansion : std::uint8_t {
    done,
    broken,     // no such text, cut short, or octets behind it
    too_large,  // more than `limit`
    no_memory,  // the process has promised all it may
};

// REQUIRES: coding is neither identity nor unknown.
expansion expand(
    flow::request_buffer& body,
    wire::content_coding coding,
    std::size_t limit,
    base::memory_gate& memory
);

}  // namespace spillway::server
