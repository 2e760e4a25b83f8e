// The grammar of single flag values: text in, value or a problem out. Pure functions; nothing here knows a
// flag. Every problem says what is wrong with the text and how a right one looks. Numbers are read digit by
// digit: no value passes through floating point.
#pragma once

#include "proxy/options.hpp"

#include <boost/system/result.hpp>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::settings {

// The second constructor keeps a lone string from being taken for a problem.
struct problem {
    problem() = default;
    problem(std::string what_, std::string advice_)
        : what{std::move(what_)}
        , advice{std::move(advice_)} {}

    std::string what;
    std::string advice;
};

[[noreturn]] void
throw_exception_from_error(const problem& why, const boost::source_location& where);

template <class T>
using parsed = boost::system::result<T, problem>;

// "250ms", "10s", "5m", "1h", "7d"; above zero.
parsed<milliseconds> parse_duration(std::string_view text);
// As parse_duration, and zero.
parsed<milliseconds> parse_duration_or_zero(std::string_view text);
// "4096", "64KiB", "10MiB", "1GiB"; above zero.
parsed<std::size_t> parse_size(std::string_view text);
// "20%", 0 to 100.
parsed<std::uint32_t> parse_percent(std::string_view text);
parsed<std::uint32_t> parse_count(std::string_view text, std::uint32_t least, std::uint32_t most);
// A decimal number times ten to the power of `digits`, exact: ("0.0375", 9) is 37'500'000. Not negative.
parsed<std::int64_t> parse_decimal(std::string_view text, int digits);
parsed<listener> parse_listener(std::string_view text);
// http or https, a host, perhaps a port and a path; no user, query or fragment. Without trailing slashes.
parsed<std::string> parse_url(std::string_view text);
// "2027-01-31" (its first moment, UTC) or "2027-01-31T18:00:00Z".
parsed<std::chrono::sys_seconds> parse_date(std::string_view text);
parsed<extra_header> parse_header(std::string_view text);
// A non-empty path without control characters.
parsed<std::string> parse_path(std::string_view text);
// Lower case letters, digits, '.', '_' and '-', starting with a letter or digit; at most 64.
parsed<std::string> parse_provider_name(std::string_view text);
// NAME or NAME/ACCOUNT.
parsed<std::string> parse_provider_reference(std::string_view text);
// As provider names, but capitals too: names of keys and organisations.
parsed<std::string> parse_label(std::string_view text);
// Printable ASCII without space, comma, '=' and '"'; at most 256. Globs are written in the same letters.
parsed<std::string> parse_model_name(std::string_view text);
// What the provider calls the model: printable, without blanks.
parsed<std::string> parse_upstream_name(std::string_view text);

// "a+b+c"; no empty part.
parsed<std::vector<std::string>> parse_list(std::string_view text);

template <class Enum>
struct choice {
    std::string_view name;
    Enum value;
};

std::string unknown_choice_advice(std::string_view text, std::span<const std::string_view> names);

template <class Enum, std::size_t N>
parsed<Enum> parse_choice(std::string_view text, const choice<Enum> (&choices)[N]) {
    std::string_view names[N];
    for (std::size_t i = 0; i < N; ++i) {
        if (choices[i].name == text) return choices[i].value;
        names[i] = choices[i].name;
    }
    return problem{
        "'" + std::string{text} + "' is not one of the choices",
        unknown_choice_advice(text, names)};
}

template <class Enum, std::size_t N>
std::string_view name_of_choice(Enum value, const choice<Enum> (&choices)[N]) {
    for (const choice<Enum>& one : choices) {
        if (one.value == value) return one.name;
    }
    return {};
}

std::string duration_text(milliseconds value);
std::string size_text(std::size_t value);
std::string decimal_text(std::int64_t value, int digits);
std::string listener_text(const listener& value);
std::string date_text(std::chrono::sys_seconds value);
std::string list_text(const std::vector<std::string>& parts, char separator);

// The name nearest to what was written, or nothing when none is near.
std::string_view nearest(std::string_view written, std::span<const std::string_view> names);

// Is this the text of a loopback address, or "localhost"?
bool is_loopback_host(std::string_view host);

// Text as it may stand in a message: cut at 80 octets, controls replaced.
std::string shown(std::string_view text);

}  // namespace spillway::settings
