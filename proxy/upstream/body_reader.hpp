// Follows the framing of one answer's body and hands its octets out in one stretch a read. Plain values; one
// an answer. Framing octets are squeezed out in place, so that whoever translates sees a read as one text.
#pragma once

#include "proxy/upstream/connection.hpp"
#include "proxy/wire/chunk_decoder.hpp"
#include "proxy/wire/framing.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace spillway::upstream {

enum class stream_end : std::uint8_t { orderly, broken };

class body_reader {
public:
    enum class state : std::uint8_t {
        open,    // more must come
        whole,   // ended as its framing says
        broken,  // framing violated, or ended early
    };

    explicit body_reader(const wire::body_framing& framing) noexcept;

    // The body's octets among those read, moved together at the front of where they were.
    std::string_view take(std::span<char> octets) noexcept;
    // The connection's end: whole only where an orderly end is what ends the body.
    void end_of_stream(stream_end how) noexcept;

    state now() const noexcept { return state_; }
    // Octets came behind the end of the message: the connection is good for nothing else.
    bool had_surplus() const noexcept { return surplus_; }
    // The connection may carry another exchange once the body is whole.
    bool is_self_delimiting() const noexcept { return kind_ != wire::body_kind::until_close; }
    wire::body_kind kind() const noexcept { return kind_; }

private:
    std::string_view take_chunked(std::span<char> octets) noexcept;

    wire::body_kind kind_;
    state state_ = state::open;
    bool surplus_ = false;
    std::uint64_t left_ = 0;
    wire::chunk_decoder chunks_;
};

// One look at the connection for more of the body, without waiting.
struct body_step {
    std::string_view octets;  // of the body; in `scratch`
    bool must_wait = false;   // nothing has come; wait for `io`
    net::io_step io{net::io_step::state::wants_read};
};
body_step read_body(connection& from, body_reader& body, std::span<char> scratch);

}  // namespace spillway::upstream
