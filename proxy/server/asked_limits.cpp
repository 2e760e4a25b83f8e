#include "proxy/server/asked_limits.hpp"

#include <charconv>

namespace spillway::server {

std::optional<std::chrono::milliseconds> parse_limit(std::string_view text) noexcept {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    constexpr std::int64_t most = 86'400'000;
    if (error != std::errc{} || number <= 0 || number > most) return std::nullopt;
    std::int64_t factor = 0;
    if (unit.empty() || unit == "ms") factor = 1;
    if (unit == "s") factor = 1000;
    if (unit == "m") factor = 60'000;
    if (unit == "h") factor = 3'600'000;
    if (unit == "d") factor = most;
    if (factor == 0 || number * factor > most) return std::nullopt;
    return std::chrono::milliseconds{number * factor};
}

std::string_view read_limits(const wire::request_head& head, flow::asked_limits& into) noexcept {
    using wire::field;
    static constexpr wire::field_set known{
        field::x_spillway_timeout_connect,
        field::x_spillway_timeout_tls,
        field::x_spillway_timeout_first_byte,
        field::x_spillway_timeout_idle,
        field::x_spillway_timeout_total};
    if (!head.has_any_of(known)) return {};
    struct row {
        field id;
        std::optional<std::chrono::milliseconds>& to;
    };
    const row rows[] = {
        {field::x_spillway_timeout_connect, into.connect},
        {field::x_spillway_timeout_tls, into.tls},
        {field::x_spillway_timeout_first_byte, into.first_octet},
        {field::x_spillway_timeout_idle, into.idle},
        {field::x_spillway_timeout_total, into.total},
    };
    for (const row& one : rows) {
        if (!head.has(one.id)) continue;
        one.to = parse_limit(head.value(one.id));
        if (!one.to) return wire::name_of(one.id);
    }
    return {};
}

}  // namespace spillway::server
