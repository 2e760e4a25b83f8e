// The part of the head parser that requests and responses share; included by head_parser.cpp only. One reader lives
// for one call: what must outlast it (how far the text was read) is kept in the head.
#pragma once

#include "proxy/wire/field_table.hpp"
#include "proxy/wire/head.hpp"
#include "proxy/wire/head_parser.hpp"
#include "proxy/wire/octets.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spillway::wire {

// RFC 9112 2.2 asks to skip at least one; more than a few is somebody keeping us busy.
inline constexpr std::uint8_t max_blank_lines = 4;

inline std::string_view between(const char* begin, const char* end) noexcept {
    return {begin, static_cast<std::size_t>(end - begin)};
}

// What requests and responses have in common: lines, limits, field lines. `Kind` adds its first line and its last
// checks. Every step returns false when it has refused; the reason is in verdict_ then.
template <class Kind>
class head_reader {
public:
    head_reader(const head_reader&) = delete;
    head_reader& operator=(const head_reader&) = delete;

    // Sixty-four octets a step become two words of bits, and the lines are taken from these: no octet of a line is
    // looked at on its own unless its meaning asks for it.
    head_verdict run() noexcept {
        const char* at = begin_ + out_.scanned_;
        const char* start = begin_ + out_.line_begin_;
        const char* colon = out_.colon_ != 0 ? begin_ + out_.colon_ : nullptr;
        while (at != end_) {
            octets::line_bits bits = classify(at);
            // No bit left: 64, which lies behind every line of this block.
            if (colon == nullptr) colon = at + std::countr_zero(bits.colon);
            while (bits.control != 0) {
                const auto index = std::countr_zero(bits.control);
                const char* const stop = at + index;
                if (!is_line_end(stop)) return stopped_at(stop, start, colon);
                if (!take_line({start, stop}, colon)) return verdict_;
                start = stop + 2;
                bits.colon &= ~std::uint64_t{0} << index;
                colon = at + std::countr_zero(bits.colon);
                // CR and LF; LF may lie behind the block.
                bits.control &= bits.control - 1;
                bits.control &= bits.control - 1;
            }
            if (colon >= at + 64) colon = nullptr;
            at = end_ - at > 64 ? at + 64 : end_;
            if (start > at) at = start;
        }
        return stopped_at(end_, start, colon);
    }

protected:
    struct line {
        const char* begin;
        const char* end;  // at CR

        bool is_empty() const noexcept { return begin == end; }
        std::size_t size() const noexcept { return static_cast<std::size_t>(end - begin); }
    };
    // The status codes in which the two directions differ.
    struct statuses {
        std::uint16_t malformed;
        std::uint16_t line_too_long;
        std::uint16_t head_too_long;
    };

    head_reader(std::string_view text, head& out, const head_limits& limits) noexcept
        : begin_{text.data()}
        , end_{text.data() + text.size()}
        , out_{out}
        , limits_{limits}
        , last_{begin_ + limits.head - 2}
        , fields_{std::min(limits.fields, out.room_)} {
        out_.text_ = begin_;
    }
    ~head_reader() = default;

    bool refuse(std::uint16_t status, std::string_view reason) noexcept {
        verdict_ = {head_state::refused, status, 0, reason};
        return false;
    }

    bool set_version(const char* digit) noexcept {
        if (!octets::is(*digit, octets::digit))
            return refuse(Kind::codes.malformed, "malformed version");
        out_.minor_ = static_cast<std::uint8_t>(*digit - '0');
        return true;
    }

    // RFC 9112 9.3. HTTP/1.0 is never kept open: what its keep-alive means depends on who is in between.
    void decide_keep_alive() noexcept {
        out_.keep_alive_ = out_.minor_ != 0 && !out_.connection_names("close");
    }

    bool may_skip_blank_line() noexcept { return ++out_.blank_lines_ <= max_blank_lines; }

    std::uint16_t offset(const char* at) const noexcept {
        return static_cast<std::uint16_t>(at - begin_);
    }

    const char* begin_;
    const char* end_;

private:
    octets::line_bits classify(const char* at) const noexcept {
        if (end_ - at >= 64) return octets::bits_of_64(at);
        char block[64] = {};
        const auto size = static_cast<std::size_t>(end_ - at);
        std::memcpy(block, at, size);
        octets::line_bits bits = octets::bits_of_64(block);
        bits.control &= (std::uint64_t{1} << size) - 1;
        return bits;
    }

    static constexpr std::uint16_t crlf =
        std::endian::native == std::endian::little ? 0x0a0d : 0x0d0a;
    bool is_line_end(const char* at) const noexcept {
        if (end_ - at < 2) return false;
        std::uint16_t pair = 0;
        std::memcpy(&pair, at, sizeof pair);
        return pair == crlf;
    }

    // At the end of the text, or at a control character that ends no line.
    head_verdict stopped_at(const char* stop, const char* start, const char* colon) noexcept {
        out_.scanned_ = static_cast<std::uint32_t>(stop - begin_);
        out_.line_begin_ = static_cast<std::uint32_t>(start - begin_);
        out_.colon_ =
            colon != nullptr && colon < stop ? static_cast<std::uint32_t>(colon - begin_) : 0;
        if (stop == end_ || (*stop == '\r' && stop + 1 == end_)) {
            fits({start, stop});
        } else if (*stop == '\n') {
            refuse(Kind::codes.malformed, "bare LF in the head");
        } else if (*stop == '\r') {
            refuse(Kind::codes.malformed, "bare CR in the head");
        } else {
            refuse(Kind::codes.malformed, "control character in the head");
        }
        return verdict_;
    }

    bool fits(const line& current) noexcept {
        if (!out_.has_first_line_) {
            if (current.size() <= limits_.first_line) return true;
            return refuse(Kind::codes.line_too_long, "first line too long");
        }
        if (current.size() > limits_.field) {
            return refuse(Kind::codes.head_too_long, "field too long");
        }
        // What lies behind the end of this line is counted when the next one is read; the last adds its CR LF.
        if (current.end > last_) {
            return refuse(Kind::codes.head_too_long, "head too long");
        }
        return true;
    }

    // False when there is nothing more to read: refused or complete. The colon may lie behind the line.
    [[gnu::always_inline]] bool take_line(const line& current, const char* colon) noexcept {
        if (!fits(current)) return false;
        if (out_.has_first_line_ && !current.is_empty()) [[likely]]
            return add_field(current, colon);
        return take_other_line(current);
    }

    bool take_other_line(const line& current) noexcept {
        Kind& kind = static_cast<Kind&>(*this);
        if (!current.is_empty()) {
            out_.has_first_line_ = true;
            return kind.first_line(current);
        }
        if (!out_.has_first_line_) return kind.blank_line();
        if (kind.finish()) {
            decide_keep_alive();
            const auto size = static_cast<std::uint32_t>(current.end + 2 - begin_);
            verdict_ = {head_state::complete, 0, size, {}};
        }
        return false;
    }

    // RFC 9112 5: a token, at once a colon, the value between optional white space; no folding.
    [[gnu::always_inline]] bool add_field(const line& current, const char* colon) noexcept {
        if (out_.count_ == fields_) {
            return refuse(Kind::codes.head_too_long, "too many fields");
        }
        if (colon >= current.end) return refuse_line(current, "field line without a colon");
        const std::string_view name = between(current.begin, colon);
        const field id = names::find(name, end_);
        // An interned name is a token; only the others are looked at.
        if (id == field::unknown && !is_token(name)) {
            return refuse_line(current, "field name is not a token");
        }
        // One space in front and none behind is what everybody sends. Behind the colon there is CR at least.
        const char* value = colon + 1;
        if (*value == ' ') ++value;
        const bool is_usual = *value > ' ' && current.end[-1] > ' ';
        append(id, name, is_usual ? between(value, current.end) : trimmed(value, current.end));
        return true;
    }

    static std::string_view trimmed(const char* value, const char* stop) noexcept {
        while (value != stop && octets::is_blank(*value))
            ++value;
        while (value != stop && octets::is_blank(stop[-1]))
            --stop;
        return between(value, stop);
    }

    bool is_token(std::string_view name) const noexcept {
        const char* const end = name.data() + name.size();
        return !name.empty() &&
               octets::find_outside<octets::token>(name.data(), end, begin_) == end;
    }

    bool refuse_line(const line& current, std::string_view reason) noexcept {
        if (octets::is_blank(*current.begin)) reason = "folded field line";
        return refuse(Kind::codes.malformed, reason);
    }

    void append(field id, std::string_view name, std::string_view value) noexcept {
        const std::size_t index = out_.count_;
        out_.ids_[index] = id;
        out_.spans_[index] = {
            offset(name.data()),
            offset(value.data()),
            static_cast<std::uint16_t>(name.size()),
            static_cast<std::uint16_t>(value.size())};
        out_.count_ = static_cast<std::uint16_t>(index + 1);
        const std::uint64_t mark = head::bit(id);
        std::uint64_t& present = out_.present_[head::word(id)];
        if ((present & mark) != 0) {
            out_.repeated_[head::word(id)] |= mark;
        } else {
            present |= mark;
            out_.first_[static_cast<std::size_t>(id)] = static_cast<head::place>(index);
        }
    }

    head& out_;
    const head_limits limits_;
    const char* const last_;      // where CR of the last line of all may stand
    const std::uint16_t fields_;  // how many there may be
    head_verdict verdict_{};
};

}  // namespace spillway::wire
