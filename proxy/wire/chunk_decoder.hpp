// Strict incremental reader of the chunked coding (RFC 9112 7.1). Passive: it walks over octets that stay where they
// are and says which of them are body. One decoder a message, owned by whoever reads that message.
// Invariant: after `done` or `refused` it takes nothing more; octets behind the message stay in the input.
#pragma once

#include "proxy/wire/framing.hpp"

#include <cstdint>
#include <string_view>

namespace spillway::wire {

enum class chunk_event : std::uint8_t { need_more, data, done, refused };

// `text` is a span of the input for data (never empty), and static text when refused; `status` is what a server
// answers then: 400, 413 or 431.
struct chunk_step {
    chunk_event event = chunk_event::need_more;
    std::uint16_t status = 0;
    std::string_view text{};
};

class chunk_decoder {
public:
    // Extensions, trailers and superfluous zeros of one message, in sum: nobody needs them, so they are bounded.
    static constexpr std::uint32_t max_extra_octets = 16384;

    explicit chunk_decoder(std::uint64_t body_limit = no_body_limit) noexcept
        : body_limit_{body_limit} {}

    // Takes octets from the front of `input` until there is something to say. ENSURES: `input` is empty when more
    // is needed. A body is complete only when `done` has been said.
    chunk_step decode(std::string_view& input) noexcept;

    // A whole chunk in its plainest form, if one stands at the front of `input` between two chunks: what nearly every
    // event of a stream is. Takes it and gives its data; otherwise takes nothing and gives nothing.
    std::string_view take_plain_chunk(std::string_view& input) noexcept;

    bool is_done() const noexcept { return state_ == state::finished; }
    // Between two chunks: everything taken so far can be framed anew without looking back.
    bool is_between_chunks() const noexcept { return state_ == state::size_first; }
    // True once an extension or a trailer was seen: such framing must not be relayed as it came.
    bool has_extras() const noexcept { return extra_octets_ != 0; }
    std::uint64_t body_octets() const noexcept { return body_octets_; }

private:
    enum class state : std::uint8_t {
        size_first,
        size,
        extension_first,
        extension_name,
        value_first,
        value_token,
        value_quoted,
        value_escape,
        value_end,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_first,
        trailer_name,
        trailer_value,
        trailer_lf,
        last_lf,
        finished,
        failed,
    };

    chunk_step take_data(std::string_view& input) noexcept;
    void take(char c) noexcept;
    void take_size(char c) noexcept;
    void take_extension(char c) noexcept;
    void take_trailer(char c) noexcept;
    void expect(char c, char wanted, state next, std::string_view otherwise) noexcept;
    void count_extra(std::uint16_t status) noexcept;
    void refuse(std::uint16_t status, std::string_view reason) noexcept;

    std::uint64_t body_limit_;
    std::uint64_t body_octets_ = 0;
    std::uint64_t left_ = 0;  // of the current chunk; while its size is read, the size so far
    std::uint32_t extra_octets_ = 0;
    std::uint16_t status_ = 0;
    std::uint8_t digits_ = 0;
    state state_ = state::size_first;
    std::string_view reason_{};
};

}  // namespace spillway::wire
