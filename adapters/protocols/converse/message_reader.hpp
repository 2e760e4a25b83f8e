// Cuts an event stream into frames. Works for reads cut anywhere; a message that lies in one read is not copied but
// for its payload's padding. Once a sum or a length is wrong nothing more comes out. One reader a stream.
#pragma once

#include "adapters/canonical/frame_reader.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/converse/event_stream.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::converse {

class message_reader final : public canonical::frame_reader {
public:
    void feed(std::string_view octets) override { rest_ = octets; }
    bool next(canonical::read_frame& out) override;
    // Octets that are left are a message that was cut.
    bool flush(canonical::read_frame& out) override;
    [[nodiscard]] bool is_broken() const noexcept override { return is_broken_; }

private:
    [[nodiscard]] std::string_view take_message();
    [[nodiscard]] std::string_view take_kept();
    [[nodiscard]] bool show(std::string_view message, canonical::read_frame& out);
    void show_error(const message_view& read, canonical::frame& out);
    [[nodiscard]] bool unwrap_chunk(canonical::frame& out);

    std::string_view rest_;
    std::string kept_;            // of a message that came in several reads
    std::size_t kept_total_ = 0;  // octets of that message; 0: not known yet
    bool is_broken_ = false;
    padded_text data_;
    std::string unwrapped_;
    json::document chunk_;
};

}  // namespace spillway::adapters::converse
