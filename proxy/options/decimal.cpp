// Money and other decimal fractions as exact integers: the digits are shifted, never rounded.
#include "proxy/options/value.hpp"

#include <fmt/format.h>

#include <limits>

namespace spillway::settings {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A number as it is written: all its digits, and the place of the point counted from the right.
struct written_decimal {
    std::string digits;
    long scale = 0;
};

// REQUIRES: `text` starts behind the 'e'. Reads at most four digits: more is out of range anyway.
bool read_exponent(std::string_view text, long& exponent) {
    bool is_negative = false;
    if (text.starts_with('-') || text.starts_with('+')) {
        is_negative = text.front() == '-';
        text.remove_prefix(1);
    }
    if (text.empty() || text.size() > 4) return false;
    exponent = 0;
    for (const char c : text) {
        if (!is_digit(c)) return false;
        exponent = exponent * 10 + (c - '0');
    }
    if (is_negative) exponent = -exponent;
    return true;
}

bool read_decimal(std::string_view text, written_decimal& number) {
    std::size_t at = 0;
    const auto take_digits = [&] {
        const std::size_t first = at;
        while (at < text.size() && is_digit(text[at]))
            number.digits += text[at++];
        return at > first;
    };
    if (!take_digits()) return false;
    if (at < text.size() && text[at] == '.') {
        ++at;
        const std::size_t before = number.digits.size();
        if (!take_digits()) return false;
        number.scale = static_cast<long>(number.digits.size() - before);
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        long exponent = 0;
        if (!read_exponent(text.substr(at + 1), exponent)) return false;
        number.scale -= exponent;
        at = text.size();
    }
    return at == text.size();
}

}  // namespace

parsed<std::int64_t> parse_decimal(std::string_view text, int digits) {
    written_decimal number;
    if (!read_decimal(text, number)) {
        return problem{
            fmt::format("'{}' is not a decimal number", shown(text)),
            "write digits with a point, such as 0.15, and no sign or currency"};
    }
    std::string& all = number.digits;
    while (number.scale > digits && all.ends_with('0')) {
        all.pop_back();
        --number.scale;
    }
    if (all.find_first_not_of('0') == std::string::npos) return std::int64_t{0};
    if (number.scale > digits) {
        return problem{
            fmt::format("'{}' has more digits than can be kept", shown(text)),
            fmt::format("at most {} digits may follow the point", digits)};
    }
    // What must be appended to reach the wanted scale. Nineteen digits are past any int64.
    const long zeros = digits - number.scale;
    std::int64_t value = 0;
    const auto append = [&value](int digit) {
        return !__builtin_mul_overflow(value, 10, &value) &&
               !__builtin_add_overflow(value, digit, &value);
    };
    bool fits = true;
    for (const char c : all)
        fits = fits && append(c - '0');
    for (long i = 0; i < zeros && fits; ++i)
        fits = append(0);
    if (!fits) {
        return problem{
            fmt::format("'{}' is too large", shown(text)), "check the unit of the number"};
    }
    return value;
}

std::string decimal_text(std::int64_t value, int digits) {
    std::int64_t unit = 1;
    for (int i = 0; i < digits; ++i)
        unit *= 10;
    std::string text = fmt::format("{}", value / unit);
    if (value % unit == 0) return text;
    std::string fraction = fmt::format("{:0{}}", value % unit, digits);
    while (fraction.ends_with('0'))
        fraction.pop_back();
    return text + '.' + fraction;
}

}  // namespace spillway::settings
