#include "adapters/json/text.hpp"

#include <algorithm>
#include <charconv>

namespace spillway::adapters::json {

namespace {

std::uint32_t hex4(std::string_view digits) noexcept {
    std::uint32_t unit = 0;
    std::from_chars(digits.data(), digits.data() + 4, unit, 16);
    return unit;
}

void append_utf8(std::string& out, std::uint32_t point) {
    auto put = [&](std::uint32_t octet) {
        out.push_back(static_cast<char>(octet));
    };
    if (point < 0x80) return put(point);
    if (point < 0x800) {
        put(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            put(0xe0 | point >> 12);
        } else {
            put(0xf0 | point >> 18);
            put(0x80 | (point >> 12 & 0x3f));
        }
        put(0x80 | (point >> 6 & 0x3f));
    }
    put(0x80 | (point & 0x3f));
}

char simple_escape(char letter) noexcept {
    switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;
    }
}

// The code point of the \u escape whose u stands at raw[at], and moves `at` to its last digit. Nothing: a lone
// surrogate.
std::optional<std::uint32_t> take_unicode(std::string_view raw, std::size_t& at) noexcept {
    if (raw.size() - at < 5) return std::nullopt;
    auto unit = hex4(raw.substr(at + 1, 4));
    at += 4;
    if (unit < 0xd800 || unit >= 0xe000) return unit;
    if (unit >= 0xdc00 || raw.size() - at < 7) return std::nullopt;
    if (raw[at + 1] != '\\' || raw[at + 2] != 'u') return std::nullopt;
    auto low = hex4(raw.substr(at + 3, 4));
    if (low < 0xdc00 || low >= 0xe000) return std::nullopt;
    at += 6;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

// False: a surrogate stood alone, and U+FFFD was put.
bool append_unescaped(std::string& out, std::string_view raw) {
    bool is_good = true;
    while (!raw.empty()) {
        const auto plain = std::min(raw.find('\\'), raw.size());
        out.append(raw.substr(0, plain));
        raw.remove_prefix(plain);
        if (raw.size() < 2) return is_good && raw.empty();
        std::size_t at = 1;
        if (raw[at] != 'u') {
            out.push_back(simple_escape(raw[at]));
        } else {
            const auto point = take_unicode(raw, at);
            append_utf8(out, point.value_or(0xfffd));
            is_good &= point.has_value();
        }
        raw.remove_prefix(std::min(at + 1, raw.size()));
    }
    return is_good;
}

}  // namespace

std::optional<std::string> unescaped(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    if (!append_unescaped(out, raw)) return std::nullopt;
    return out;
}

std::string unescaped_leniently(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    append_unescaped(out, raw);
    return out;
}

std::optional<std::uint64_t> to_integer(std::string_view text) noexcept {
    std::uint64_t value = 0;
    // Eighteen digits cannot overflow; almost every count has fewer.
    if (!text.empty() && text.size() <= 18) {
        for (const char c : text) {
            const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
            if (digit > 9) return std::nullopt;
            value = value * 10 + digit;
        }
        return value;
    }
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace spillway::adapters::json
