// A strict JSON reader (RFC 8259) that walks a padded text once, iteratively, without building anything. Each
// function takes the position of what it reads and gives the position behind it, or nullptr if the text is
// wrong there. A position may lie at most a few octets behind the end, where a function that needs an octet
// fails; only the start of a value and the close of a container are checked against the end. UTF-8 is checked by the caller through utf8_is_valid() once the walk is over. One walker a text.
#pragma once

#include "adapters/json/closing_quote.hpp"
#include "adapters/json/padded.hpp"
#include "adapters/json/vector.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spillway::adapters::json {

inline constexpr std::size_t max_depth = 512;

// What a walk may want to know on its way; the default wants nothing. `depth` counts open containers.
struct no_interest {
    static void name(std::string_view, std::size_t) noexcept {}
    static void text(std::string_view, std::size_t) noexcept {}
};

// A string as it stands: without its quotes, escapes not resolved.
struct raw_string {
    std::string_view text;
    bool escaped = false;
};

class walker {
public:
    explicit walker(padded_view text) noexcept
        : begin_{text.data()}
        , end_{text.data() + text.size()} {}

    [[nodiscard]] const char* begin() const noexcept { return begin_; }
    [[nodiscard]] const char* end() const noexcept { return end_; }

    [[nodiscard]] const char* skip_space(const char* p) const noexcept {
        if (static_cast<unsigned char>(*p) > ' ') return p;
        while (p < end_ && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
            ++p;
        return p;
    }
    [[nodiscard]] bool is(const char* p, char c) const noexcept { return *p == c && p < end_; }
    [[nodiscard]] bool at_end(const char* p) const noexcept { return p == end_; }

    // `p` is behind the opening quote; the result is behind the closing one.
    [[nodiscard]] const char* string(const char* p, raw_string& out) noexcept;
    [[nodiscard]] const char* number(const char* p) const noexcept;
    [[nodiscard]] const char* literal(const char* p) const noexcept;
    // Any value, with `depth` containers open around it.
    template <class Interest = no_interest>
    [[nodiscard]] const char*
    value(const char* p, std::size_t depth, Interest&& interest = {}) noexcept;
    // The same, quicker for a value that is no container.
    [[nodiscard]] const char* any(const char* p, std::size_t depth) noexcept {
        raw_string text;
        if (*p == '"') return string(p + 1, text);
        if (*p == '{' || *p == '[') return value(p, depth);
        return *p >= 'f' ? literal(p) : number(p);
    }
    // The object at p: on_member(raw_string name, const char* value) gives the position behind the value.
    template <class OnMember>
    [[nodiscard]] const char* members(const char* p, OnMember&& on_member) noexcept;
    // The array at p: on_element(const char* value) gives the position behind the value.
    template <class OnElement>
    [[nodiscard]] const char* elements(const char* p, OnElement&& on_element) noexcept;
    // From behind a member's name to the start of its value.
    [[nodiscard]] const char* colon(const char* p) const noexcept {
        p = skip_space(p);
        return *p == ':' ? skip_space(p + 1) : nullptr;
    }
    [[nodiscard]] bool is_null(const char* p) const noexcept { return is_word(p, "null"); }
    [[nodiscard]] bool is_true(const char* p) const noexcept { return is_word(p, "true"); }
    [[nodiscard]] bool is_false(const char* p) const noexcept {
        return is_word(p, "fals") && p[4] == 'e';
    }

    // Everything the walk has passed is UTF-8. Free of cost for ASCII.
    [[nodiscard]] bool utf8_is_valid() const noexcept;

private:
    [[nodiscard]] bool is_word(const char* p, const char (&word)[5]) const noexcept {
        return std::memcmp(p, word, 4) == 0;
    }

    const char* begin_;
    const char* end_;
    std::uint32_t beyond_ascii_ = 0;  // top bits of all octets seen
};

inline const char* walker::string(const char* p, raw_string& out) noexcept {
    const char* from = p;
    out.escaped = false;
    while (p < end_) {
        auto block = octets::load(p);
        auto hits = (block.equal('"') | block.equal('\\') | block.at_most(0x1f)).mask();
        beyond_ascii_ |= block.mask();
        if (hits == 0) {
            p += octets::width;
            continue;
        }
        p += std::countr_zero(hits);
        if (*p == '"') {
            if (p >= end_) return nullptr;
            out.text = {from, static_cast<std::size_t>(p - from)};
            return p + 1;
        }
        if (*p != '\\') return nullptr;
        p = behind_escape(p);
        if (!p) return nullptr;
        out.escaped = true;
    }
    return nullptr;
}

inline const char* walker::number(const char* p) const noexcept {
    auto is_digit = [](char c) {
        return static_cast<unsigned char>(c - '0') < 10;
    };
    if (*p == '-') ++p;
    if (!is_digit(*p)) return nullptr;
    if (*p == '0') {
        ++p;
    } else {
        while (p < end_ && is_digit(*p))
            ++p;
    }
    if (*p == '.' && p < end_) {
        if (!is_digit(*++p)) return nullptr;
        while (p < end_ && is_digit(*p))
            ++p;
    }
    if ((*p == 'e' || *p == 'E') && p < end_) {
        ++p;
        if (*p == '+' || *p == '-') ++p;
        if (!is_digit(*p)) return nullptr;
        while (p < end_ && is_digit(*p))
            ++p;
    }
    return p <= end_ ? p : nullptr;
}

inline const char* walker::literal(const char* p) const noexcept {
    if (is_null(p) || is_true(p)) return p + 4 <= end_ ? p + 4 : nullptr;
    if (is_false(p)) return p + 5 <= end_ ? p + 5 : nullptr;
    return nullptr;
}

template <class Interest>
const char* walker::value(const char* p, std::size_t depth, Interest&& interest) noexcept {
    // One bit an open container: set for an object.
    std::array<std::uint64_t, max_depth / 64> kinds;
    const auto floor = depth;
    raw_string text;
    auto in_object = [&] {
        return (kinds[(depth - 1) / 64] >> ((depth - 1) % 64) & 1) != 0;
    };
    auto open = [&](std::uint64_t object) {
        if (depth >= max_depth) return false;
        auto bit = std::uint64_t{1} << (depth % 64);
        auto& word = kinds[depth / 64];
        word = object ? word | bit : word & ~bit;
        ++depth;
        return true;
    };
    for (;;) {
        if (p >= end_) return nullptr;
        bool closed = true;  // a value has ended at p
        switch (*p) {
        case '"':
            p = string(p + 1, text);
            if (!p) return nullptr;
            interest.text(text.text, depth);
            break;
        case '{':
            if (!open(1)) return nullptr;
            p = skip_space(p + 1);
            closed = is(p, '}');
            if (closed) {
                --depth;
                ++p;
            }
            break;
        case '[':
            if (!open(0)) return nullptr;
            p = skip_space(p + 1);
            closed = is(p, ']');
            if (closed) {
                --depth;
                ++p;
                break;
            }
            continue;
        case 't':
        case 'f':
        case 'n': p = literal(p); break;
        default: p = number(p);
        }
        if (!p) return nullptr;
        while (closed) {
            if (depth == floor) return p;
            p = skip_space(p);
            if (*p == ',') {
                p = skip_space(p + 1);
                break;
            }
            if (*p != (in_object() ? '}' : ']') || p >= end_) return nullptr;
            --depth;
            ++p;
        }
        if (!in_object()) continue;
        if (*p != '"') return nullptr;
        p = string(p + 1, text);
        if (!p) return nullptr;
        interest.name(text.text, depth);
        p = colon(p);
        if (!p) return nullptr;
    }
}

template <class OnMember>
const char* walker::members(const char* p, OnMember&& on_member) noexcept {
    if (*p != '{' || p >= end_) return nullptr;
    p = skip_space(p + 1);
    if (is(p, '}')) return p + 1;
    raw_string name;
    for (;;) {
        if (*p != '"') return nullptr;
        p = string(p + 1, name);
        if (!p) return nullptr;
        p = colon(p);
        if (!p) return nullptr;
        p = on_member(name, p);
        if (!p) return nullptr;
        p = skip_space(p);
        if (is(p, '}')) return p + 1;
        if (*p != ',') return nullptr;
        p = skip_space(p + 1);
    }
}

template <class OnElement>
const char* walker::elements(const char* p, OnElement&& on_element) noexcept {
    if (*p != '[' || p >= end_) return nullptr;
    p = skip_space(p + 1);
    if (is(p, ']')) return p + 1;
    for (;;) {
        p = on_element(p);
        if (!p) return nullptr;
        p = skip_space(p);
        if (is(p, ']')) return p + 1;
        if (*p != ',') return nullptr;
        p = skip_space(p + 1);
    }
}

}  // namespace spillway::adapters::json
