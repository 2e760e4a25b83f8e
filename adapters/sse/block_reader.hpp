// Cuts a stream of octets into blocks: an event with its blank line, a comment line, an empty line. Works for
// reads cut anywhere; LF, CR LF and CR end lines. A block that lies in one read is lent without a copy, one
// that does not is kept until it is whole or the owner says that it is not wanted. One reader a stream.
#pragma once

#include "adapters/sse/line_scan.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace spillway::adapters::sse {

struct block {
    std::string_view whole;  // all its octets; empty if it is oversized
    std::string_view fresh;  // those of this read
    std::string_view data;   // its data lines joined with LF; empty if it is oversized
    marks seen;              // what the data lines hold
    bool has_data = false;
    bool named_error = false;  // event: error
    bool oversized = false;
    bool is_late_lf =
        false;  // nothing but the LF of a CR LF cut in two; belongs to the block before
};

class block_reader {
public:
    // REQUIRES: next() has returned false since the last feed(). Views of blocks end here.
    void feed(std::string_view octets) noexcept {
        at_ = octets.data();
        end_ = at_ + octets.size();
        rest_ = {};
    }
    // The next complete block. False: the rest of the read is part of a block and has been kept.
    [[nodiscard]] bool next(block& out);
    // What is left at the end of the stream, as if its blank line had come. False: nothing is left. The last call;
    // views of the last block from next() stay good.
    [[nodiscard]] bool flush(block& out);

    // For a stream that is over: the LF of a CR LF that was cut in two, if that is how this read begins.
    [[nodiscard]] std::string_view take_late_lf(std::string_view octets) noexcept {
        bool is_late = swallow_lf_ && octets.starts_with('\n');
        if (!octets.empty()) swallow_lf_ = false;
        return octets.substr(0, is_late ? 1 : 0);
    }

    // The part of this read that belongs to the unfinished block; valid after next() returned false.
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    // The unfinished block so far; empty if it is oversized.
    [[nodiscard]] std::string_view held() const noexcept { return held_; }
    // Bounds the memory: the unfinished block is not kept any longer and will show as oversized.
    void skip_unfinished() noexcept {
        if (held_.empty()) return;
        oversized_ = true;
        held_.clear();
        held_.shrink_to_fit();
    }
    [[nodiscard]] bool between_blocks() const noexcept { return held_.empty() && !oversized_; }
    // Between blocks, and not between the halves of a line end.
    [[nodiscard]] bool is_idle() const noexcept { return between_blocks() && !swallow_lf_; }

private:
    enum class verdict : bool { goes_on, closes };

    [[nodiscard]] bool next_in_place(block& out);
    [[nodiscard]] bool next_kept(block& out);
    [[nodiscard]] const char* line_end(const char* eol) noexcept;
    void keep(std::string_view part);
    // `text` is a whole line without its end, of the block that starts at `base`.
    [[nodiscard]] verdict take_line(const char* base, std::string_view text, marks seen);
    void take_data(const char* base, std::string_view value, marks seen);
    void close(block& out, std::string_view whole);

    const char* at_ = nullptr;   // where reading goes on
    const char* end_ = nullptr;  // of this read
    std::string_view rest_;
    std::string held_;         // the unfinished block's octets of earlier reads
    std::string lent_;         // the last block, if it was spread over reads
    std::string joined_;       // data of an event with several data lines
    std::size_t line_at_ = 0;  // where the unfinished line begins in held_
    std::size_t data_at_ = 0;  // the first data line's value, in the block
    std::size_t data_size_ = 0;
    std::size_t data_lines_ = 0;
    std::size_t lines_ = 0;
    std::size_t line_size_ = 0;  // octets of the unfinished line
    marks seen_;
    bool swallow_lf_ = false;  // the last read ended in CR
    bool at_stream_start_ = true;
    bool named_error_ = false;
    bool oversized_ = false;
};

}  // namespace spillway::adapters::sse
