#include "proxy/wire/sse_scanner.hpp"

#include "proxy/wire/octets.hpp"

#include <charconv>

namespace spillway::wire {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::uint8_t past_mark = 255;

constexpr bool is_line_end(char c) noexcept {
    return c == '\n' || c == '\r';
}

std::size_t find_line_end(std::string_view text) noexcept {
    const char* end = text.data() + text.size();
    const char* at = octets::find_block(
        text.data(),
        end,
        text.data(),
        [](const char* p) { return octets::equal_bits(p, '\n') | octets::equal_bits(p, '\r'); },
        is_line_end
    );
    return static_cast<std::size_t>(at - text.data());
}

}  // namespace

// False while the mark may still be completed by octets to come. What turns out not to be a mark starts a line.
bool sse_reader::skip_mark(std::string_view& input) {
    while (!input.empty()) {
        if (input.front() != byte_order_mark[mark_seen_]) {
            line_.assign(byte_order_mark.substr(0, mark_seen_));
            mark_seen_ = past_mark;
            return true;
        }
        input.remove_prefix(1);
        if (++mark_seen_ == byte_order_mark.size()) {
            mark_seen_ = past_mark;
            return true;
        }
    }
    return false;
}

sse_step sse_reader::next(std::string_view& input) {
    if (refused_) return sse_step::refused;
    if (told_) begin_event();
    if (mark_seen_ != past_mark && !skip_mark(input)) return sse_step::need_more;
    while (!input.empty()) {
        if (after_cr_) {
            after_cr_ = false;
            if (input.front() == '\n') {
                input.remove_prefix(1);
                continue;
            }
        }
        const std::size_t size = find_line_end(input);
        if (line_.size() + size > line_limit_) return refuse();
        if (size == input.size()) {
            line_.append(input);
            input = {};
            break;
        }
        std::string_view line = input.substr(0, size);
        after_cr_ = input[size] == '\r';
        input.remove_prefix(size + 1);
        if (!line_.empty()) line = line_.append(line);
        const line_kind kind = take_line(line);
        line_.clear();
        if (kind == line_kind::event) return sse_step::event;
        if (kind == line_kind::too_large) return refuse();
    }
    return sse_step::need_more;
}

sse_reader::line_kind sse_reader::take_line(std::string_view line) {
    if (line.empty()) {
        last_id_ = id_;
        if (!has_data_) {
            begin_event();
            return line_kind::field;
        }
        data_.pop_back();
        told_ = true;
        return line_kind::event;
    }
    const std::size_t colon = line.find(':');
    if (colon == 0) {
        ++comments_;
        return line_kind::field;
    }
    if (colon == std::string_view::npos) return take_field(line, {});
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    return take_field(line.substr(0, colon), value);
}

sse_reader::line_kind sse_reader::take_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        if (data_.size() + value.size() + 1 > event_limit_) return line_kind::too_large;
        data_.append(value).push_back('\n');
        has_data_ = true;
    } else if (name == "event") {
        type_.assign(value);
    } else if (name == "id") {
        if (!value.contains('\0')) id_.assign(value);
    } else if (name == "retry" && octets::are_all(value, octets::digit)) {
        std::uint64_t number = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        retry_ = error == std::errc{} ? number : UINT64_MAX;
    }
    return line_kind::field;
}

void sse_reader::begin_event() noexcept {
    type_.clear();
    data_.clear();
    has_data_ = false;
    told_ = false;
}

sse_step sse_reader::refuse() noexcept {
    refused_ = true;
    return sse_step::refused;
}

// Whether the line that ends with the line end at `last` is empty. A line end is LF, CR LF or a lone CR.
bool sse_boundary::ends_event(std::string_view span, std::size_t last) const noexcept {
    std::size_t begin = last;
    if (span[last] == '\n') {
        // The second half of a CR LF whose first half came with the span before.
        if (last == 0 && after_cr_) return !inside_;
        if (last != 0 && span[last - 1] == '\r') --begin;
    }
    return begin == 0 ? line_start_ : is_line_end(span[begin - 1]);
}

std::size_t sse_boundary::take(std::string_view span) noexcept {
    if (span.empty()) return 0;
    std::size_t size = span.size();
    while (size != 0 && !(is_line_end(span[size - 1]) && ends_event(span, size - 1))) {
        --size;
    }
    inside_ = size != span.size();
    line_start_ = is_line_end(span.back());
    after_cr_ = span.back() == '\r';
    return size;
}

}  // namespace spillway::wire
