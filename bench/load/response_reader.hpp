// Takes an HTTP/1.1 answer apart as octets arrive: status, framing, end; of an event stream also the number
// of events and the clock stamp inside each. Feed it what was read; it says when the answer is complete.
// Views are used only during feed().
#pragma once

#include "bench/load/histogram.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::bench::load {

// What a stream's events are counted into. `now` is the moment the octets were read.
class event_sink {
public:
    virtual void on_event(std::uint64_t stamp, std::uint64_t now) = 0;

protected:
    ~event_sink() = default;
};

class response_reader {
public:
    enum class progress { need_more, complete, broken };

    explicit response_reader(event_sink& events) : events_(events) {}

    void start();
    progress feed(std::string_view bytes, std::uint64_t now);

    int status() const { return status_; }
    bool saw_done() const { return saw_done_; }
    bool is_stream() const { return is_stream_; }
    bool keeps_connection() const { return keep_alive_; }
    bool has_begun() const { return stage_ != stage::head || !head_.empty(); }

private:
    enum class stage { head, counted_body, chunk_size, chunk_data, chunk_end, trailer, finished };

    progress feed_head(std::string_view& bytes);
    bool read_head();
    void feed_payload(std::string_view payload, std::uint64_t now);
    void take_line(std::string_view line, std::uint64_t now);
    progress feed_chunks(std::string_view bytes, std::uint64_t now);
    bool take_framing_line(std::string_view& bytes, std::string_view& line);
    bool read_chunk_size(std::string_view line);

    event_sink& events_;
    stage stage_ = stage::head;
    std::string head_;
    std::string line_;  // a framing line or an event line that is not complete yet
    std::string framing_;
    std::size_t left_ = 0;
    int status_ = 0;
    bool is_stream_ = false;
    bool is_chunked_ = false;
    bool keep_alive_ = true;
    bool saw_done_ = false;
};

}  // namespace spillway::bench::load
