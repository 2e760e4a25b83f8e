// Content codings of a body taken off again: gzip, deflate (zlib), br and zstd. Sans I/O: octets go in, octets come out
// into room of the caller's, so that the caller bounds what a small body may become. One decoder a body, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace spillway::wire {

enum class content_coding : std::uint8_t { identity, gzip, deflate, brotli, zstd, unknown };

// Of a Content-Encoding field; several codings, one over the other, are unknown.
content_coding coding_of(std::string_view field) noexcept;

class content_decoder {
public:
    enum class state : std::uint8_t {
        hungry,  // all input is taken, more has to come
        full,    // the room is used up, more may come out
        ended,   // the coded text is whole; gzip and zstd may go on with another one behind it
        broken,  // no such coding, or cut short inside; nothing more will come
    };
    struct step {
        state now;
        std::size_t taken;  // of the input
        std::size_t made;   // into the room
    };

    virtual ~content_decoder() = default;
    // REQUIRES: room is not empty.
    virtual step decode(std::string_view input, std::span<char> room) = 0;
};

// REQUIRES: neither identity nor unknown. Null when there is no memory for it.
std::unique_ptr<content_decoder> make_content_decoder(content_coding coding);

}  // namespace spillway::wire
