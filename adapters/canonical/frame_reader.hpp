// Cuts a stream of octets into frames, whichever way its protocol does it. Works for reads cut anywhere; a frame
// that lies in one read is not copied but for its padding. One reader a stream.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <memory>
#include <string_view>

namespace spillway::adapters::canonical {

// A frame and the octets it was, for those who pass them on.
struct read_frame {
    canonical::frame frame;
    std::string_view whole;
    bool has_data = false;  // false: a comment, an empty line, an event without data
};

class frame_reader {
public:
    frame_reader() = default;
    frame_reader(const frame_reader&) = delete;
    frame_reader& operator=(const frame_reader&) = delete;
    virtual ~frame_reader() = default;

    // REQUIRES: next() has returned false since the last feed().
    virtual void feed(std::string_view octets) = 0;
    // The next frame; its views live until the next call. False: the rest of the read has been kept.
    [[nodiscard]] virtual bool next(read_frame& out) = 0;
    // What is left at the end of the stream. False: nothing, or a frame that was cut. The last call.
    [[nodiscard]] virtual bool flush(read_frame& out) = 0;
    // The octets are no such frames; nothing more comes.
    [[nodiscard]] virtual bool is_broken() const noexcept { return false; }
};

// nullptr for an answer that is no stream.
[[nodiscard]] std::unique_ptr<frame_reader> make_frame_reader(framing how);

}  // namespace spillway::adapters::canonical
