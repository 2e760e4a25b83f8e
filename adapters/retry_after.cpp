#include "adapters/adapter.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace spillway::adapters {

namespace {

using std::chrono::milliseconds;

constexpr double longest_seconds = 365.0 * 24 * 3600;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) noexcept {
    auto from = text.find_first_not_of(" \t");
    if (from == text.npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::string_view field(const answer_head& head, std::string_view name) noexcept {
    for (const auto& one : head.fields) {
        if (same_name(one.name, name)) return trimmed(one.value);
    }
    return {};
}

std::optional<milliseconds> from_seconds(double seconds) noexcept {
    if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
    return milliseconds{
        static_cast<std::int64_t>(std::ceil(std::min(seconds, longest_seconds) * 1000))};
}

// A plain decimal; `rest` is what follows it.
std::optional<double> decimal(std::string_view text, std::string_view& rest) noexcept {
    double value = 0;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{}) return std::nullopt;
    rest = text.substr(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<double> only_decimal(std::string_view text) noexcept {
    std::string_view rest;
    auto value = decimal(text, rest);
    return rest.empty() ? value : std::nullopt;
}

bool two_digits(std::string_view text, int& out) noexcept {
    auto [end, error] = std::from_chars(text.data(), text.data() + 2, out);
    return error == std::errc{} && end == text.data() + 2;
}

// RFC 9110 5.6.7, IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT". The two obsolete forms are not sent by anybody.
std::optional<double>
seconds_until(std::string_view date, std::chrono::system_clock::time_point now) noexcept {
    if (date.size() != 29 || date.substr(3, 2) != ", " || !date.ends_with(" GMT"))
        return std::nullopt;
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    auto month = months.find(date.substr(8, 3));
    int day = 0;
    int century = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    bool good = month != months.npos && month % 3 == 0 && two_digits(date.substr(5), day) &&
                two_digits(date.substr(12), century) && two_digits(date.substr(14), year) &&
                two_digits(date.substr(17), hour) && two_digits(date.substr(20), minute) &&
                two_digits(date.substr(23), second);
    if (!good) return std::nullopt;
    using namespace std::chrono;
    year_month_day on{
        std::chrono::year{century * 100 + year},
        std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
        std::chrono::day{static_cast<unsigned>(day)},
    };
    if (!on.ok()) return std::nullopt;
    auto when = sys_days{on} + hours{hour} + minutes{minute} + seconds{second};
    return duration<double>(when - now).count();
}

// "12ms", "1s", "6m0s", "2m59.56s", "1h30m0s".
std::optional<double> duration_text(std::string_view text) noexcept {
    double seconds = 0;
    while (!text.empty()) {
        std::string_view unit;
        auto value = decimal(text, unit);
        if (!value) return std::nullopt;
        if (unit.starts_with("ms")) {
            seconds += *value / 1000;
            text = unit.substr(2);
            continue;
        }
        switch (unit.empty() ? '\0' : unit.front()) {
        case 'h': seconds += *value * 3600; break;
        case 'm': seconds += *value * 60; break;
        case 's': seconds += *value; break;
        default: return std::nullopt;
        }
        text = unit.substr(1);
    }
    return seconds;
}

// A limit's reset: duration text, seconds, epoch seconds or epoch milliseconds, told apart by size.
std::optional<milliseconds>
reset_wait(std::string_view text, std::chrono::system_clock::time_point now) noexcept {
    if (text.empty()) return std::nullopt;
    auto value = only_decimal(text);
    if (!value) {
        auto seconds = duration_text(text);
        return seconds ? from_seconds(*seconds) : std::nullopt;
    }
    constexpr double epoch_seconds = 1e9;
    constexpr double epoch_milliseconds = 1e12;
    std::chrono::duration<double> since_epoch = now.time_since_epoch();
    if (*value >= epoch_milliseconds) return from_seconds(*value / 1000 - since_epoch.count());
    if (*value >= epoch_seconds) return from_seconds(*value - since_epoch.count());
    return from_seconds(*value);
}

// One bucket: it matters only if it is empty, which is known if `remaining` is there.
struct bucket {
    std::string_view reset;
    std::string_view remaining;
};
constexpr std::array<bucket, 5> buckets{{
    {"x-ratelimit-reset-requests", "x-ratelimit-remaining-requests"},
    {"x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens"},
    {"x-ratelimit-reset-requests-day", "x-ratelimit-remaining-requests-day"},
    {"x-ratelimit-reset-tokens-minute", "x-ratelimit-remaining-tokens-minute"},
    {"x-ratelimit-reset", "x-ratelimit-remaining"},
}};

std::optional<milliseconds> from_buckets(const answer_head& head) noexcept {
    std::optional<milliseconds> longest;
    for (const auto& one : buckets) {
        auto remaining = only_decimal(field(head, one.remaining));
        if (remaining && *remaining > 0) continue;
        auto wait = reset_wait(field(head, one.reset), head.now);
        if (wait && (!longest || *wait > *longest)) longest = wait;
    }
    return longest;
}

}  // namespace

std::optional<milliseconds> retry_after_of(const answer_head& head) noexcept {
    if (head.status >= 200 && head.status < 300) return std::nullopt;
    if (auto ms = only_decimal(field(head, "retry-after-ms")); ms && *ms > 0) {
        return from_seconds(*ms / 1000);
    }
    auto text = field(head, "retry-after");
    if (!text.empty()) {
        auto seconds = only_decimal(text);
        if (!seconds) seconds = seconds_until(text, head.now);
        if (seconds) return from_seconds(*seconds);
    }
    return head.status == 429 ? from_buckets(head) : std::nullopt;
}

}  // namespace spillway::adapters
