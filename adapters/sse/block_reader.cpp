#include "adapters/sse/block_reader.hpp"

#include <cstring>

namespace spillway::adapters::sse {

namespace {

std::string_view between(const char* from, const char* to) noexcept {
    return {from, static_cast<std::size_t>(to - from)};
}

}  // namespace

bool block_reader::next(block& out) {
    if (swallow_lf_ && at_ < end_) {
        swallow_lf_ = false;
        if (*at_ == '\n') {
            // The second half of a CR LF cut in two: it ends no line, but it must leave with the others.
            std::string_view half{at_++, 1};
            if (between_blocks()) {
                out = {};
                out.whole = out.fresh = half;
                out.is_late_lf = true;
                return true;
            }
            keep(half);
            line_at_ = held_.size();
            if (at_ == end_) {
                rest_ = half;
                return false;
            }
            if (!next_kept(out)) {
                rest_ = {half.data(), half.size() + rest_.size()};
                return false;
            }
            out.fresh = {half.data(), half.size() + out.fresh.size()};
            return true;
        }
    }
    return between_blocks() ? next_in_place(out) : next_kept(out);
}

bool block_reader::next_in_place(block& out) {
    const auto from = at_;
    auto p = from;
    while (p < end_) {
        marks seen;
        auto eol = line_scan::run(p, end_, seen);
        if (eol == end_) break;
        auto closes = take_line(from, between(p, eol), seen);
        p = line_end(eol);
        if (closes == verdict::goes_on) continue;
        at_ = p;
        out.fresh = between(from, p);
        close(out, out.fresh);
        return true;
    }
    rest_ = between(from, end_);
    line_at_ = static_cast<std::size_t>(p - from);
    line_size_ = static_cast<std::size_t>(end_ - p);
    at_ = end_;
    keep(rest_);
    return false;
}

bool block_reader::next_kept(block& out) {
    const auto from = at_;
    auto p = from;
    while (p < end_) {
        marks ignored;
        auto eol = line_scan::run(p, end_, ignored);
        line_size_ += static_cast<std::size_t>(eol - p);
        if (eol == end_) break;
        auto after = line_end(eol);
        keep(between(p, after));
        auto closes = line_size_ == 0 ? verdict::closes : verdict::goes_on;
        if (!oversized_) {
            auto text = std::string_view{held_}.substr(line_at_, line_size_);
            // Searched again as a whole: the verdict must not depend on where the read was cut.
            marks seen;
            static_cast<void>(line_scan::run(text.data(), text.data() + text.size(), seen));
            closes = take_line(held_.data(), text, seen);
        }
        line_at_ = held_.size();
        line_size_ = 0;
        p = after;
        if (closes == verdict::goes_on) continue;
        at_ = p;
        lent_.swap(held_);
        held_.clear();
        out.fresh = between(from, p);
        close(out, lent_);
        return true;
    }
    keep(between(p, end_));
    rest_ = between(from, end_);
    at_ = end_;
    return false;
}

bool block_reader::flush(block& out) {
    swallow_lf_ = false;
    if (between_blocks()) return false;
    if (!oversized_ && line_size_ > 0) {
        auto text = std::string_view{held_}.substr(line_at_, line_size_);
        // An empty line cannot be unfinished, so this never closes a block other than a comment.
        static_cast<void>(take_line(held_.data(), text, marks::all()));
    }
    out.fresh = {};
    close(out, held_);
    return true;
}

// Behind the end of the line whose CR or LF is at `eol`.
const char* block_reader::line_end(const char* eol) noexcept {
    if (*eol == '\n') return eol + 1;
    if (eol + 1 < end_) return eol[1] == '\n' ? eol + 2 : eol + 1;
    swallow_lf_ = true;
    return eol + 1;
}

void block_reader::keep(std::string_view part) {
    if (!oversized_) held_.append(part);
}

block_reader::verdict block_reader::take_line(const char* base, std::string_view text, marks seen) {
    if (at_stream_start_) {
        at_stream_start_ = false;
        if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    }
    if (text.empty()) return verdict::closes;
    if (text.front() == ':') return lines_ == 0 ? verdict::closes : verdict::goes_on;
    ++lines_;
    if (text.size() > 6 && std::memcmp(text.data(), "data: ", 6) == 0) {
        take_data(base, text.substr(6), seen);
        return verdict::goes_on;
    }
    auto colon = text.find(':');
    auto name = text.substr(0, colon);
    auto value = colon == text.npos ? text.substr(text.size()) : text.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "data") take_data(base, value, seen);
    if (name == "event") named_error_ = value == "error";
    return verdict::goes_on;
}

void block_reader::take_data(const char* base, std::string_view value, marks seen) {
    if (++data_lines_ == 1) {
        data_at_ = static_cast<std::size_t>(value.data() - base);
        data_size_ = value.size();
        seen_ = seen;
        return;
    }
    if (data_lines_ == 2) joined_.assign(base + data_at_, data_size_);
    joined_.append(1, '\n').append(value);
    seen_ = marks::all();
}

void block_reader::close(block& out, std::string_view whole) {
    out.oversized = oversized_;
    out.is_late_lf = false;
    out.whole = oversized_ ? std::string_view{} : whole;
    out.has_data = data_lines_ > 0 || oversized_;
    out.named_error = named_error_;
    out.seen = seen_;
    out.data = {};
    if (!oversized_ && data_lines_ == 1) out.data = whole.substr(data_at_, data_size_);
    if (!oversized_ && data_lines_ > 1) out.data = joined_;
    data_lines_ = 0;
    lines_ = 0;
    named_error_ = false;
    oversized_ = false;
}

}  // namespace spillway::adapters::sse
