// Server-sent events (WHATWG HTML 9.2) as octets. sse_reader reads events in full; sse_boundary only finds where
// events end, for a relay that must not cut one in two. Both take a stream in pieces cut anywhere, even inside
// CR LF or the byte order mark. One object a stream, used on one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::wire {

enum class sse_step : std::uint8_t { need_more, event, refused };

// Invariant: holds at most one line and the data of one event, both bounded; the octets are kept as they came,
// also where they are no UTF-8.
class sse_reader {
public:
    static constexpr std::size_t default_line_limit = std::size_t{1} << 20;
    static constexpr std::size_t default_event_limit = std::size_t{8} << 20;

    explicit sse_reader(
        std::size_t line_limit = default_line_limit, std::size_t event_limit = default_event_limit
    ) noexcept
        : line_limit_{line_limit}
        , event_limit_{event_limit} {}

    // Takes octets from the front of `input` up to the end of the next event. ENSURES: `input` is empty when more
    // is needed. An event that is not ended by an empty line is none. After `refused` nothing more is taken.
    sse_step next(std::string_view& input);

    // Of the event just told; valid until the next call.
    std::string_view type() const noexcept {
        return type_.empty() ? std::string_view{"message"} : type_;
    }
    std::string_view data() const noexcept { return data_; }

    // As they stand now; id and retry outlive events.
    std::string_view last_id() const noexcept { return last_id_; }
    std::optional<std::uint64_t> retry() const noexcept { return retry_; }
    std::uint64_t comments() const noexcept { return comments_; }

private:
    enum class line_kind : std::uint8_t { field, event, too_large };

    bool skip_mark(std::string_view& input);
    line_kind take_line(std::string_view line);
    line_kind take_field(std::string_view name, std::string_view value);
    void begin_event() noexcept;
    sse_step refuse() noexcept;

    std::size_t line_limit_;
    std::size_t event_limit_;
    std::string line_;  // the part of a line that came with earlier pieces
    std::string type_;
    std::string data_;
    std::string id_;
    std::string last_id_;
    std::optional<std::uint64_t> retry_;
    std::uint64_t comments_ = 0;
    std::uint8_t mark_seen_ = 0;  // octets of the byte order mark, or past_mark
    bool has_data_ = false;
    bool after_cr_ = false;
    bool told_ = false;  // an event has been handed out and is still in type_ and data_
    bool refused_ = false;
};

class sse_boundary {
public:
    // Length of the front part of `span` that ends with the last complete event in it; 0 if none ends here. Looks
    // from the back, so a span that ends with an event costs a few octets.
    std::size_t take(std::string_view span) noexcept;

    // True if octets of an unfinished event have been seen: nothing may be put between.
    bool is_inside_event() const noexcept { return inside_; }

private:
    bool ends_event(std::string_view span, std::size_t last) const noexcept;

    bool line_start_ = true;
    bool after_cr_ = false;
    bool inside_ = false;
};

}  // namespace spillway::wire
