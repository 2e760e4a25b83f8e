#include "bench/base/duration_text.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace spillway::bench {
namespace {

using namespace std::chrono_literals;

std::optional<double> nanoseconds_of(std::string_view unit) {
    static constexpr std::pair<std::string_view, double> units[] = {
        {"", 1e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}, {"m", 60e9}, {"h", 3600e9}};
    for (const auto& [name, factor] : units) {
        if (name == unit) return factor;
    }
    return std::nullopt;
}

std::optional<double> parse_percent(std::string_view text) {
    if (text.empty() || text.back() != '%') return std::nullopt;
    const std::string digits{text.substr(0, text.size() - 1)};
    char* end = nullptr;
    const double value = std::strtod(digits.c_str(), &end);
    if (digits.empty() || *end != '\0' || value < 0) return std::nullopt;
    return value / 100;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
    const std::string copy{text};
    char* end = nullptr;
    const double number = std::strtod(copy.c_str(), &end);
    if (end == copy.c_str() || !(number >= 0) || number > 1e9) return std::nullopt;
    const auto factor = nanoseconds_of(end);
    if (!factor) return std::nullopt;
    return std::chrono::nanoseconds{static_cast<long long>(number * *factor)};
}

std::string print_duration(std::chrono::nanoseconds value) {
    if (value < 1s) {
        return fmt::format("{}ms", std::chrono::ceil<std::chrono::milliseconds>(value).count());
    }
    if (value < 1min) {
        const auto ms = std::chrono::ceil<std::chrono::milliseconds>(value).count();
        return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000)
                              : fmt::format("{}.{:03}s", ms / 1000, ms % 1000);
    }
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(value).count();
    if (seconds < 3600) return fmt::format("{}m{}s", seconds / 60, seconds % 60);
    return fmt::format("{}h{}m{}s", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::optional<spread_duration> parse_spread_duration(std::string_view text) {
    const auto first = text.find(',');
    const auto mean = parse_duration(text.substr(0, first));
    if (!mean) return std::nullopt;
    spread_duration parsed{*mean, 0, spread_duration::shape::fixed};
    if (first == std::string_view::npos) return parsed;
    auto rest = text.substr(first + 1);
    const auto second = rest.find(',');
    const auto percent = parse_percent(rest.substr(0, second));
    if (!percent) return std::nullopt;
    parsed.relative_spread = *percent;
    parsed.form = spread_duration::shape::normal;
    if (second == std::string_view::npos) return parsed;
    rest = rest.substr(second + 1);
    if (rest == "lognormal")
        parsed.form = spread_duration::shape::lognormal;
    else if (rest != "normal")
        return std::nullopt;
    return parsed;
}

}  // namespace spillway::bench
