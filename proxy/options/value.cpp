#include "proxy/options/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace spillway::settings {

namespace {

constexpr std::int64_t max_int64 = std::numeric_limits<std::int64_t>::max();

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// The digits a text starts with, and what follows them.
struct number_and_unit {
    std::int64_t number = 0;
    std::string_view unit;
    bool is_valid = false;
};

number_and_unit split_unit(std::string_view text) {
    number_and_unit split;
    if (text.empty() || !is_digit(text.front())) return split;
    const char* end = text.data() + text.size();
    auto [rest, error] = std::from_chars(text.data(), end, split.number);
    if (error != std::errc{}) return split;
    split.unit = std::string_view{rest, static_cast<std::size_t>(end - rest)};
    split.is_valid = true;
    return split;
}

struct unit {
    std::string_view name;
    std::int64_t factor;
};

constexpr unit time_units[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr unit size_units[] = {{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};

enum class lowest : std::uint8_t { zero, one };

parsed<std::int64_t> parse_with_unit(
    std::string_view text,
    std::span<const unit> units,
    std::string_view noun,
    std::string_view advice
) {
    const number_and_unit split = split_unit(text);
    if (!split.is_valid) {
        return problem{fmt::format("'{}' is not a {}", shown(text), noun), std::string{advice}};
    }
    for (const unit& one : units) {
        if (one.name != split.unit) continue;
        if (split.number > max_int64 / one.factor) {
            return problem{fmt::format("'{}' is too large", shown(text)), std::string{advice}};
        }
        return split.number * one.factor;
    }
    return problem{fmt::format("'{}' has no known unit", shown(text)), std::string{advice}};
}

parsed<milliseconds> parse_duration_from(std::string_view text, lowest least) {
    constexpr std::string_view advice =
        "write a whole number and ms, s, m, h or d, such as 250ms or 10s";
    // A year: far beyond any use, and far from overflow when added to a time point.
    constexpr std::int64_t longest = 366LL * 86'400'000;
    if (text == "0" && least == lowest::zero) return milliseconds{0};
    const parsed<std::int64_t> count = parse_with_unit(text, time_units, "duration", advice);
    if (!count) return count.error();
    if (*count == 0 && least == lowest::one) {
        return problem{"the duration must be above zero", std::string{advice}};
    }
    if (*count > longest) {
        return problem{fmt::format("'{}' is too long", shown(text)), "366d is the longest"};
    }
    return milliseconds{*count};
}

// Letters to insert, drop, change or swap with their neighbour. Not computed where it must reach `bound`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t bound) {
    if (a.size() >= b.size() + bound || b.size() >= a.size() + bound) return bound;
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
        d[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j)
        d[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + differs});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

}  // namespace

void throw_exception_from_error(const problem& why, const boost::source_location&) {
    throw std::logic_error{why.what};
}

parsed<milliseconds> parse_duration(std::string_view text) {
    return parse_duration_from(text, lowest::one);
}

parsed<milliseconds> parse_duration_or_zero(std::string_view text) {
    return parse_duration_from(text, lowest::zero);
}

parsed<std::size_t> parse_size(std::string_view text) {
    constexpr std::string_view advice =
        "write bytes as a plain number, or with KiB, MiB or GiB, such as 32MiB";
    const parsed<std::int64_t> count = parse_with_unit(text, size_units, "size", advice);
    if (!count) return count.error();
    if (*count == 0) return problem{"the size must be above zero", std::string{advice}};
    return static_cast<std::size_t>(*count);
}

parsed<std::uint32_t> parse_percent(std::string_view text) {
    const number_and_unit split = split_unit(text);
    if (!split.is_valid || split.unit != "%" || split.number > 100) {
        return problem{
            fmt::format("'{}' is not a percentage", shown(text)),
            "write a whole number from 0 to 100 and a percent sign, such as 20%"};
    }
    return static_cast<std::uint32_t>(split.number);
}

parsed<std::uint32_t> parse_count(std::string_view text, std::uint32_t least, std::uint32_t most) {
    const number_and_unit split = split_unit(text);
    if (!split.is_valid || !split.unit.empty() || split.number < least || split.number > most) {
        return problem{
            fmt::format("'{}' is not a count", shown(text)),
            fmt::format("write a whole number from {} to {}", least, most)};
    }
    return static_cast<std::uint32_t>(split.number);
}

parsed<std::vector<std::string>> parse_list(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t plus = text.find('+');
        const std::string_view part = text.substr(0, plus);
        if (part.empty()) {
            return problem{
                "the list has an empty part", "separate the parts with single plus signs: a+b"};
        }
        parts.emplace_back(part);
        if (plus == std::string_view::npos) return parts;
        text.remove_prefix(plus + 1);
    }
}

std::string unknown_choice_advice(std::string_view text, std::span<const std::string_view> names) {
    std::string advice = fmt::format("choose {}", fmt::join(names, ", "));
    const std::string_view near = nearest(text, names);
    if (!near.empty()) advice += fmt::format("; did you mean {}?", near);
    return advice;
}

std::string duration_text(milliseconds value) {
    const std::int64_t count = value.count();
    const unit* best = &time_units[0];
    for (const unit& one : time_units) {
        if (count != 0 && count % one.factor == 0) best = &one;
    }
    return fmt::format("{}{}", count / best->factor, best->name);
}

std::string size_text(std::size_t value) {
    const unit* best = &size_units[0];
    for (const unit& one : size_units) {
        if (value != 0 && value % static_cast<std::size_t>(one.factor) == 0) best = &one;
    }
    return fmt::format("{}{}", value / static_cast<std::size_t>(best->factor), best->name);
}

std::string list_text(const std::vector<std::string>& parts, char separator) {
    return fmt::format("{}", fmt::join(parts, std::string_view{&separator, 1}));
}

std::string_view nearest(std::string_view written, std::span<const std::string_view> names) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, written.size() / 3) + 1;
    for (const std::string_view name : names) {
        const std::size_t distance = edit_distance(written, name, best_distance);
        if (distance < best_distance) {
            best_distance = distance;
            best = name;
        }
    }
    return best;
}

std::string shown(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string out;
    for (const char c : text.substr(0, longest))
        out += is_control(c) ? '?' : c;
    if (text.size() > longest) out += "...";
    return out;
}

}  // namespace spillway::settings
