#include "adapters/json/text.hpp"

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

}  // namespace

std::optional<std::string> unescaped(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\') {
            out.push_back(raw[i]);
            continue;
        }
        if (++i >= raw.size()) return std::nullopt;
        if (raw[i] != 'u') {
            out.push_back(simple_escape(raw[i]));
            continue;
        }
        if (raw.size() - i < 5) return std::nullopt;
        auto unit = hex4(raw.substr(i + 1, 4));
        i += 4;
        if (unit >= 0xdc00 && unit < 0xe000) return std::nullopt;
        if (unit >= 0xd800 && unit < 0xdc00) {
            if (raw.size() - i < 7 || raw[i + 1] != '\\' || raw[i + 2] != 'u') return std::nullopt;
            auto low = hex4(raw.substr(i + 3, 4));
            if (low < 0xdc00 || low >= 0xe000) return std::nullopt;
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            i += 6;
        }
        append_utf8(out, unit);
    }
    return out;
}

std::optional<std::uint64_t> to_integer(std::string_view text) noexcept {
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace spillway::adapters::json
