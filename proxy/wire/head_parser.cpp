#include "proxy/wire/head_parser.hpp"

#include <algorithm>

#include "proxy/base/bytes.hpp"
#include "proxy/wire/authority.hpp"
#include "proxy/wire/octets.hpp"

namespace spillway::wire {
namespace {

// RFC 9112 2.2 asks to skip at least one; more than a few is somebody keeping us busy.
constexpr std::uint8_t max_blank_lines = 4;

constexpr head_verdict refuse(std::uint16_t status, std::string_view reason) noexcept {
    return {head_state::refused, status, 0, reason};
}

constexpr head_verdict go_on{};

template <class Word>
Word load(const char* at) noexcept {
    Word out;
    std::memcpy(&out, at, sizeof(out));
    return out;
}

std::string_view between(const char* begin, const char* end) noexcept {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

// What requests and responses have in common: lines, limits, field lines.
class head_reader {
protected:
    head_reader(std::string_view text, head& out, const head_limits& limits) noexcept
        : begin_{text.data()}, end_{text.data() + text.size()}, out_{out}, limits_{limits} {
        out_.text_ = begin_;
    }

    enum class line_state : std::uint8_t { open, ended, broken };
    struct line {
        line_state state;
        const char* begin;
        const char* end;  // of the text, at CR
    };

    line next_line() noexcept {
        const char* start = begin_ + out_.line_begin_;
        const char* stop = octets::find_control(begin_ + out_.scanned_, end_, begin_);
        out_.scanned_ = offset(stop);
        if (stop == end_) return {line_state::open, start, stop};
        if (*stop != '\r') return {line_state::broken, start, stop};
        if (stop + 1 == end_) return {line_state::open, start, stop};
        if (stop[1] != '\n') return {line_state::broken, start, stop};
        out_.scanned_ += 2;
        out_.line_begin_ = out_.scanned_;
        return {line_state::ended, start, stop};
    }

    static head_verdict refuse_broken(char c, std::uint16_t status) noexcept {
        if (c == '\n') return refuse(status, "bare LF in the head");
        if (c == '\r') return refuse(status, "bare CR in the head");
        return refuse(status, "control character in the head");
    }

    bool is_head_too_long() const noexcept { return out_.scanned_ > limits_.head; }

    // One field line. RFC 9112 5: no white space before the colon, no folding.
    head_verdict add_field(const char* start, const char* stop, std::uint16_t bad) noexcept {
        const char* colon = octets::find_octet(start, end_, begin_, ':');
        if (colon >= stop) {
            if (octets::is_blank(*start)) return refuse(bad, "folded field line");
            return refuse(bad, "field line without a colon");
        }
        const std::string_view name = between(start, colon);
        const field id = lookup(name);
        // The name of an interned field is a token; only others are looked at octet by octet.
        if (id == field::unknown && !octets::are_all(name, octets::token)) {
            if (octets::is_blank(*start)) return refuse(bad, "folded field line");
            return refuse(bad, "field name is not a token");
        }
        const char* value = colon + 1;
        while (value != stop && octets::is_blank(*value)) {
            ++value;
        }
        while (value != stop && octets::is_blank(stop[-1])) {
            --stop;
        }
        append(id, name, between(value, stop));
        return go_on;
    }

    bool has_room() const noexcept {
        return out_.count_ < std::min(limits_.fields, out_.room_);
    }

    // Persistence as both directions see it (RFC 9112 9.3).
    void decide_keep_alive() noexcept {
        out_.keep_alive_ = out_.minor_ != 0 && !out_.connection_names("close");
    }

    std::uint16_t offset(const char* at) const noexcept {
        return static_cast<std::uint16_t>(at - begin_);
    }

    const char* begin_;
    const char* end_;
    head& out_;
    const head_limits& limits_;

private:
    void append(field id, std::string_view name, std::string_view value) noexcept {
        const std::size_t index = out_.count_;
        out_.ids_[index] = id;
        out_.spans_[index] = {
            offset(name.data()), offset(value.data()), static_cast<std::uint16_t>(name.size()),
            static_cast<std::uint16_t>(value.size())};
        const std::uint64_t mark = head::bit(id);
        const std::size_t word = head::word(id);
        if ((out_.present_[word] & mark) != 0) {
            out_.repeated_[word] |= mark;
        } else {
            out_.present_[word] |= mark;
            out_.first_[static_cast<std::size_t>(id)] = static_cast<std::uint8_t>(index);
        }
        ++out_.count_;
    }

protected:
    void set_minor(char digit) noexcept { out_.minor_ = static_cast<std::uint8_t>(digit - '0'); }
    bool has_first_line() const noexcept { return out_.has_first_line_; }
    void mark_first_line() noexcept { out_.has_first_line_ = true; }
    std::uint8_t count_blank_line() noexcept { return ++out_.blank_lines_; }
};

