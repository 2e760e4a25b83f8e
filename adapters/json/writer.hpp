// Appends JSON to a string. The caller writes the punctuation it knows (raw()) and leaves what depends on data
// to us: escaping, integers, money, commas between members. Invariant: what was appended stays valid JSON text
// if the raw parts are.
#pragma once

#include "adapters/json/long_texts.hpp"
#include "adapters/json/spelled.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::adapters::json {

// Escapes what must be escaped and replaces invalid UTF-8 by U+FFFD: the result is valid JSON for any octets.
void append_string(std::string& out, std::string_view text);
// The same without the quotes around it.
void append_inside(std::string& out, std::string_view text);
// Nothing of it needs escaping.
[[nodiscard]] bool is_plain(std::string_view text) noexcept;
// Nano-units as a decimal without exponent and without trailing zeros: 14000 -> 0.000014.
void append_nano(std::string& out, std::int64_t nano);
// The same at `to`, where nano_size octets are free; gives the end.
inline constexpr std::size_t nano_size = 32;
[[nodiscard]] char* put_nano(char* to, std::int64_t nano) noexcept;

class writer {
public:
    explicit writer(std::string& out) noexcept : out_{out} {}

    writer& raw(std::string_view text) {
        out_.append(text);
        return *this;
    }
    writer& string(std::string_view text) {
        append_string(out_, text);
        return *this;
    }
    writer& number(std::int64_t value);
    writer& open() {
        out_.push_back('{');
        first_ = true;
        return *this;
    }
    writer& close() {
        out_.push_back('}');
        first_ = false;
        return *this;
    }
    // A comma if needed, then "name": — names are ours and need no escaping.
    writer& name(std::string_view text);
    writer& member(std::string_view label, std::string_view text) {
        return name(label).string(text);
    }
    // A word of ours, which needs no escaping.
    template <std::size_t Size>
    writer& member(std::string_view label, const char (&word)[Size]) {
        return name(label).raw("\"").raw({word, Size - 1}).raw("\"");
    }
    writer& member(std::string_view label, std::int64_t value) { return name(label).number(value); }
    // What is spelled as JSON already.
    writer& member(std::string_view label, escaped text) {
        return name(label).raw("\"").raw(text.raw).raw("\"");
    }
    writer& member(std::string_view label, escaped text, long_texts& longs) {
        name(label).raw("\"");
        longs.append(out_, text.raw);
        return raw("\"");
    }
    writer& member(std::string_view label, raw_value value) { return name(label).raw(value.raw); }

private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace spillway::adapters::json
