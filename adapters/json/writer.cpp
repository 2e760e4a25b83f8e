#include "adapters/json/writer.hpp"

#include "adapters/json/vector.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace spillway::adapters::json {

namespace {

// Length of the valid UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t utf8_length(std::string_view text) noexcept {
    auto octet = [&](std::size_t i) {
        return static_cast<unsigned char>(text[i]);
    };
    auto lead = octet(0);
    std::size_t length = lead < 0x80   ? 1
                         : lead < 0xc2 ? 0
                         : lead < 0xe0 ? 2
                         : lead < 0xf0 ? 3
                         : lead < 0xf5 ? 4
                                       : 0;
    if (length < 2) return length;
    if (text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((octet(i) & 0xc0) != 0x80) return 0;
    }
    if (lead == 0xe0 && octet(1) < 0xa0) return 0;
    if (lead == 0xed && octet(1) > 0x9f) return 0;
    if (lead == 0xf0 && octet(1) < 0x90) return 0;
    if (lead == 0xf4 && octet(1) > 0x8f) return 0;
    return length;
}

// Eight octets that all stand in a JSON string as they are.
bool is_plain_word(const char* at) noexcept {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101U;
    constexpr std::uint64_t tops = ones << 7;
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const auto controls = word - ones * 0x20;
    const auto quotes = (word ^ ones * '"') - ones;
    const auto escapes = (word ^ ones * '\\') - ones;
    return ((word | controls | quotes | escapes) & tops) == 0;
}

// Octets at the start that stand in a JSON string as they are. The rest may have some too.
std::size_t plain_octets(std::string_view text) noexcept {
    constexpr auto width = sizeof(std::uint64_t);
    std::size_t size = 0;
    for (; text.size() - size >= octets::width; size += octets::width) {
        const auto block = octets::load(text.data() + size);
        const auto hits = (block.equal('"') | block.equal('\\') | block.below(0x20)).mask();
        if (hits != 0) return size + static_cast<std::size_t>(std::countr_zero(hits));
    }
    for (; text.size() - size >= width; size += width) {
        if (!is_plain_word(text.data() + size)) return size;
    }
    if (size == 0 || size == text.size()) return size;
    return is_plain_word(text.data() + text.size() - width) ? text.size() : size;
}

void append_escape(std::string& out, char c) {
    switch (c) {
    case '"': out.append("\\\""); return;
    case '\\': out.append("\\\\"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
}

constexpr auto pairs = [] {
    std::array<char, 200> all{};
    for (std::size_t i = 0; i < 100; ++i) {
        all[2 * i] = static_cast<char>('0' + i / 10);
        all[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return all;
}();

void put_pair(char* to, std::uint32_t value) noexcept {
    std::memcpy(to, pairs.data() + 2 * std::size_t{value}, 2);
}

}  // namespace

void append_inside(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto plain = plain_octets(text);
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        auto c = text.front();
        auto length = utf8_length(text);
        if (length == 0) {
            out.append("\xef\xbf\xbd");
            length = 1;
        } else if (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\')) {
            append_escape(out, c);
        } else {
            out.append(text.substr(0, length));
        }
        text.remove_prefix(length);
    }
}

void append_string(std::string& out, std::string_view text) {
    out.push_back('"');
    append_inside(out, text);
    out.push_back('"');
}

bool is_plain(std::string_view text) noexcept {
    text.remove_prefix(plain_octets(text));
    while (!text.empty()) {
        const auto length = utf8_length(text);
        const auto c = static_cast<unsigned char>(text.front());
        if (length == 0 || c < 0x20 || c == '"' || c == '\\') return false;
        text.remove_prefix(length);
    }
    return true;
}

char* put_nano(char* to, std::int64_t nano) noexcept {
    constexpr std::uint64_t unit = 1'000'000'000;
    auto size = nano < 0 ? ~static_cast<std::uint64_t>(nano) + 1 : static_cast<std::uint64_t>(nano);
    if (nano < 0) *to++ = '-';
    if (size < unit) {
        *to++ = '0';
    } else {
        to = std::to_chars(to, to + 20, size / unit).ptr;
    }
    const auto rest = static_cast<std::uint32_t>(size % unit);
    if (rest == 0) return to;
    *to++ = '.';
    // Nine digits, two at a time, then without the zeros at the end.
    constexpr std::uint32_t pair = 100;
    const auto high = rest / (pair * pair);
    const auto low = rest % (pair * pair);
    *to = static_cast<char>('0' + high / (pair * pair));
    put_pair(to + 1, high / pair % pair);
    put_pair(to + 3, high % pair);
    put_pair(to + 5, low / pair);
    put_pair(to + 7, low % pair);
    std::size_t digits = 9;
    while (to[digits - 1] == '0')
        --digits;
    return to + digits;
}

void append_nano(std::string& out, std::int64_t nano) {
    char text[nano_size];
    out.append(text, put_nano(text, nano));
}

writer& writer::number(std::int64_t value) {
    char text[20];
    out_.append(text, std::to_chars(text, text + sizeof text, value).ptr);
    return *this;
}

writer& writer::name(std::string_view text) {
    constexpr std::string_view opens = ",\"";
    out_.append(first_ ? opens.substr(1) : opens).append(text).append("\":", 2);
    first_ = false;
    return *this;
}

}  // namespace spillway::adapters::json
