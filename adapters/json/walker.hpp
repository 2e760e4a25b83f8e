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

    [[gnu::always_inline]] [[nodiscard]] const char* skip_space(const char* p) const noexcept {
        return static_cast<unsigned char>(*p) > ' ' ? p : behind_space(p);
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
    [[gnu::always_inline]] [[nodiscard]] const char* colon(const char* p) const noexcept {
        if (*p != ':') [[unlikely]]
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

    // The string that begins at `from`, of which the octets up to p are plain.
    [[nodiscard]] const char*
    long_string(const char* from, const char* p, raw_string& out) noexcept;
    [[gnu::noinline]] [[nodiscard]] const char* behind_space(const char* p) const noexcept {
        while (p < end_ && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
            ++p;
        return p;
    }
    // Never behind the end.
    [[nodiscard]] const char* behind_digits(const char* p) const noexcept;

    const char* begin_;
    const char* end_;
    bool beyond_ascii_ = false;  // an octet above 0x7f was seen
};

[[gnu::always_inline]] inline const char* walker::string(const char* p, raw_string& out) noexcept {
    // Most strings are plain ASCII and end within one vector. Without a hit the octet behind it is looked at: fine, too.
    constexpr auto behind = std::uint64_t{1} << octets::width;
    const auto block = octets::load(p);
    const auto hits = (block.equal('"') | block.equal('\\') | block.below(0x20)).mask();
    const auto* const quote = p + std::countr_zero(hits | behind);
    if (*quote != '"' || quote >= end_) [[unlikely]] {
        raw_string found;  // so that `out` may live in registers
        const auto* const end = long_string(p, quote, found);
        out = found;
        return end;
    }
    out.text = {p, static_cast<std::size_t>(quote - p)};
    out.escaped = false;
    return quote + 1;
}

inline const char* walker::behind_digits(const char* p) const noexcept {
    constexpr auto behind = std::uint64_t{1} << octets::width;
    for (;;) {
        const std::uint64_t digits = octets::load(p).minus('0').at_most(9).mask();
        p += std::countr_zero(~digits & (behind | (behind - 1)));
        if (p >= end_) return end_;
        if (digits != behind - 1) return p;
    }
}

inline const char* walker::number(const char* p) const noexcept {
    if (*p == '-') ++p;
    if (p >= end_) return nullptr;
    const auto* from = p;
    p = behind_digits(p);
    if (p == from || (*from == '0' && p != from + 1)) return nullptr;
    if (*p == '.' && p < end_) {
        from = ++p;
        p = behind_digits(p);
        if (p == from) return nullptr;
    }
    if ((*p == 'e' || *p == 'E') && p < end_) {
        ++p;
        if (*p == '+' || *p == '-') ++p;
        from = p;
        p = behind_digits(p);
        if (p <= from) return nullptr;
    }
    return p;
}

inline const char* walker::literal(const char* p) const noexcept {
    if (is_null(p) || is_true(p)) return p + 4 <= end_ ? p + 4 : nullptr;
    if (is_false(p)) return p + 5 <= end_ ? p + 5 : nullptr;
    return nullptr;
}

// The kinds of the open containers, innermost first: a bit each, set for an object. 64 at hand, the rest put away.
class container_stack {
public:
    void push(bool is_object) noexcept {
        if (count_ % 64 == 0) away_[count_ / 64] = bits_;
        ++count_;
        bits_ = bits_ << 1 | static_cast<std::uint64_t>(is_object);
    }
    void pop() noexcept {
        --count_;
        bits_ = count_ % 64 == 0 ? away_[count_ / 64] : bits_ >> 1;
    }
    [[nodiscard]] bool in_object() const noexcept { return (bits_ & 1) != 0; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

private:
    std::uint64_t bits_ = 0;
    std::size_t count_ = 0;
    std::array<std::uint64_t, max_depth / 64> away_;  // not initialised
};

template <class Interest>
const char* walker::value(const char* p, std::size_t depth, Interest&& interest) noexcept {
    container_stack around;
    raw_string text;
    const auto name = [&](const char* at) noexcept -> const char* {
        if (*at != '"') return nullptr;
        at = string(at + 1, text);
        if (!at) return nullptr;
        interest.name(text.text, depth + around.size());
        return colon(at);
    };
    for (;;) {
        if (p >= end_) return nullptr;
        if (*p == '"') {
            p = string(p + 1, text);
            if (!p) return nullptr;
            interest.text(text.text, depth + around.size());
        } else if (*p == '{' || *p == '[') {
            const bool is_object = *p == '{';
            if (depth + around.size() >= max_depth) return nullptr;
            p = skip_space(p + 1);
            if (!is(p, is_object ? '}' : ']')) {
                around.push(is_object);
                if (!is_object) continue;
                p = name(p);
                if (!p) return nullptr;
                continue;
            }
            ++p;
        } else {
            p = *p >= 'f' ? literal(p) : number(p);
            if (!p) return nullptr;
        }
        // A value has ended at p.
        for (;;) {
            if (around.size() == 0) return p;
            p = skip_space(p);
            if (p >= end_) return nullptr;
            if (*p == ',') break;
            if (*p != (around.in_object() ? '}' : ']')) return nullptr;
            around.pop();
            ++p;
        }
        p = skip_space(p + 1);
        if (!around.in_object()) continue;
        p = name(p);
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
        if (!is(p, ',')) return is(p, '}') ? p + 1 : nullptr;
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
        if (!is(p, ',')) return is(p, ']') ? p + 1 : nullptr;
        p = skip_space(p + 1);
    }
}

}  // namespace spillway::adapters::json
