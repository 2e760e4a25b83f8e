// Reads one request body into its buffer: by length or chunks, within limits, never slower than the least
// pace. Used by a session for one request.
#pragma once

#include "proxy/base/failure.hpp"
#include "proxy/base/memory_gate.hpp"
#include "proxy/flow/client_request.hpp"
#include "proxy/net/stream.hpp"
#include "proxy/wire/chunk_decoder.hpp"
#include "proxy/wire/framing.hpp"

#include <string>

namespace spillway::server {

class request_body {
public:
    enum class state : std::uint8_t { open, whole, refused };

    request_body(
        const wire::body_framing& framing, std::size_t limit, base::memory_gate& memory
    ) noexcept;

    // Takes what belongs to the body from the front of `octets`. On state::refused see refusal().
    state take(std::string_view& octets, flow::request_buffer& into);

    // Reads until the body is whole. What came behind it is appended to `surplus`.
    net::task<result<>> read(
        net::stream& from,
        std::span<char> scratch,
        flow::request_buffer& into,
        std::string& surplus,
        net::activity& self
    );

    state now() const noexcept { return state_; }
    const failure& refusal() const noexcept { return refusal_; }
    unsigned status() const noexcept { return status_; }  // that fits the refusal

private:
    state refuse(unsigned status, const failure& why) noexcept;
    bool make_room(flow::request_buffer& into, std::size_t more);

    wire::body_kind kind_;
    state state_ = state::open;
    std::uint64_t left_ = 0;
    wire::chunk_decoder chunks_;
    base::memory_gate& memory_;
    unsigned status_ = 400;
    failure refusal_;
};

}  // namespace spillway::server
