// The values that name something: listeners, URLs, header fields, paths, models, keys; and dates.
#include "proxy/options/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace spillway::settings {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool is_printable(char c) {
    return c > 0x20 && c < 0x7f;
}

template <class Predicate>
bool all(std::string_view text, Predicate is_fine) {
    return std::all_of(text.begin(), text.end(), is_fine);
}

// RFC 9110 5.6.2
bool is_token(std::string_view text) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && all(text, [](char c) {
        return is_digit(c) || is_lower(c) || is_upper(c) || marks.contains(c);
    });
}

// The address in its usual form, or empty when it is none.
std::string canonical_address(std::string_view text, int family) {
    std::array<unsigned char, sizeof(in6_addr)> octets{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    const std::string terminated{text};
    if (terminated.size() != std::string_view{terminated.c_str()}.size()) return {};
    if (inet_pton(family, terminated.c_str(), octets.data()) != 1) return {};
    inet_ntop(family, octets.data(), out.data(), out.size());
    return out.data();
}

parsed<std::uint16_t> parse_port(std::string_view text) {
    const parsed<std::uint32_t> port = parse_count(text, 0, 65535);
    if (!port || text.size() > 5) {
        return problem{
            fmt::format("'{}' is not a port", shown(text)), "a port is a number from 0 to 65535"};
    }
    return static_cast<std::uint16_t>(*port);
}

constexpr std::string_view listener_advice =
    "write ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080, unix:PATH, or fd:NUMBER";

parsed<listener> parse_tcp(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return problem{fmt::format("'{}' has no port", shown(text)), std::string{listener_advice}};
    }
    std::string_view host = text.substr(0, colon);
    const parsed<std::uint16_t> port = parse_port(text.substr(colon + 1));
    if (!port) return port.error();
    if (host.empty() || host == "*") {
        return problem{
            fmt::format("'{}' names no address", shown(text)),
            fmt::format(
                "write 0.0.0.0:{0} for every IPv4 address or [::]:{0} for every address", *port
            )};
    }
    tcp_address address;
    address.port = *port;
    if (host == "localhost") {
        address.host = "127.0.0.1";
    } else if (host.starts_with('[') && host.ends_with(']')) {
        address.host = canonical_address(host.substr(1, host.size() - 2), AF_INET6);
    } else {
        address.host = canonical_address(host, AF_INET);
    }
    if (address.host.empty()) {
        return problem{
            fmt::format("'{}' is not an IP address", shown(host)), std::string{listener_advice}};
    }
    return listener{std::move(address)};
}

problem bad_url(std::string_view text, std::string_view why) {
    return {
        fmt::format("'{}' {}", shown(text), why),
        "write a base URL such as https://api.example.com/v1"};
}

// Where the host of a URL's authority ends; npos for a broken one.
std::size_t host_end(std::string_view authority) {
    if (authority.starts_with('[')) {
        const std::size_t bracket = authority.find(']');
        if (bracket == std::string_view::npos) return bracket;
        if (canonical_address(authority.substr(1, bracket - 1), AF_INET6).empty()) {
            return std::string_view::npos;
        }
        return bracket + 1;
    }
    const std::size_t end = std::min(authority.find(':'), authority.size());
    const bool is_name =
        end > 0 && all(authority.substr(0, end), [](char c) {
            return is_digit(c) || is_lower(c) || is_upper(c) || c == '.' || c == '-' || c == '_';
        });
    return is_name ? end : std::string_view::npos;
}

// Two or four digits at `at`, or -1.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
    int value = -1;
    const std::string_view part = text.substr(at, count);
    if (part.size() != count || !all(part, is_digit)) return -1;
    std::from_chars(part.data(), part.data() + part.size(), value);
    return value;
}

}  // namespace

parsed<listener> parse_listener(std::string_view text) {
    if (text.starts_with("unix:")) {
        // sockaddr_un holds 108 octets with the final zero.
        const parsed<std::string> path = parse_path(text.substr(5));
        if (!path) return path.error();
        if (path->size() > 107) {
            return problem{"the socket's path is longer than 107 octets", "choose a shorter path"};
        }
        return listener{unix_path{*path}};
    }
    if (text.starts_with("fd:")) {
        const parsed<std::uint32_t> number = parse_count(text.substr(3), 0, 1'000'000);
        if (!number) return number.error();
        return listener{inherited_descriptor{static_cast<int>(*number)}};
    }
    return parse_tcp(text);
}

parsed<std::string> parse_url(std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return bad_url(
            text.substr(0, text.find(':')), "is not a scheme for a provider; it is http or https"
        );
    }
    if (!all(text, is_printable))
        return bad_url(text, "holds blanks or other octets a URL cannot hold");
    const std::string_view authority = rest.substr(0, rest.find('/'));
    // A password before '@' or a key in a query would be a secret in plain sight: do not repeat it.
    if (authority.contains('@'))
        return bad_url("the URL", "holds a user name; give the key with key=");
    if (rest.find_first_of("?#") != std::string_view::npos) {
        return bad_url("the URL", "holds a query or a fragment, which a base URL cannot have");
    }
    const std::size_t end = host_end(authority);
    if (end == std::string_view::npos) return bad_url(text, "names no valid host");
    const std::string_view after_host = authority.substr(end);
    if (!after_host.empty()) {
        const parsed<std::uint16_t> port = parse_port(after_host.substr(1));
        if (after_host.front() != ':' || !port || *port == 0) {
            return bad_url(text, "has no valid port");
        }
    }
    while (text.ends_with('/'))
        text.remove_suffix(1);
    return std::string{text};
}

parsed<std::chrono::sys_seconds> parse_date(std::string_view text) {
    using namespace std::chrono;
    const problem bad{
        fmt::format("'{}' is not a date", shown(text)),
        "write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, such as 2027-01-31 (UTC)"};
    const int y = digits_at(text, 0, 4);
    if (text.size() != 10 && text.size() != 20) return bad;
    const int m = digits_at(text, 5, 2);
    const int d = digits_at(text, 8, 2);
    if (y < 0 || m < 0 || d < 0 || text[4] != '-' || text[7] != '-') return bad;
    const year_month_day date{
        year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (!date.ok()) return bad;
    const sys_seconds midnight = sys_days{date};
    if (text.size() == 10) return midnight;
    const int hour = digits_at(text, 11, 2);
    const int minute = digits_at(text, 14, 2);
    const int second = digits_at(text, 17, 2);
    const bool is_well_formed =
        text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == 'Z';
    if (!is_well_formed || hour < 0 || hour > 23 || minute < 0 || minute > 59) return bad;
    if (second < 0 || second > 59) return bad;
    return midnight + hours{hour} + minutes{minute} + seconds{second};
}

parsed<extra_header> parse_header(std::string_view text) {
    constexpr std::string_view ours[] = {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade"};
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name)) {
        return problem{"the header has no valid name", "write header=Name:Value"};
    }
    std::string lower{name};
    for (char& c : lower) {
        if (is_upper(c)) c = static_cast<char>(c | 0x20);
    }
    if (std::find(std::begin(ours), std::end(ours), lower) != std::end(ours)) {
        return problem{
            fmt::format("the header {} belongs to the connection and is set by spillway", name),
            "leave it out"};
    }
    if (lower == "authorization" || lower == "proxy-authorization") {
        return problem{
            fmt::format("the header {} would hold a secret in plain text", name), "use key=SECRET"};
    }
    std::string_view value = text.substr(colon + 1);
    while (value.starts_with(' '))
        value.remove_prefix(1);
    while (value.ends_with(' '))
        value.remove_suffix(1);
    if (!all(value, [](char c) { return !is_control(c); })) {
        return problem{
            fmt::format("the value of the header {} holds control characters", name),
            "remove them"};
    }
    return extra_header{std::string{name}, std::string{value}};
}

parsed<std::string> parse_path(std::string_view text) {
    if (text.empty()) return problem{"the path is empty", "name a file"};
    if (!all(text, [](char c) { return !is_control(c); })) {
        return problem{"the path holds control characters", "name a file without them"};
    }
    return std::string{text};
}

parsed<std::string> parse_provider_name(std::string_view text) {
    const bool is_fine = !text.empty() && text.size() <= 64 &&
                         (is_digit(text[0]) || is_lower(text[0])) && all(text, [](char c) {
                             return is_digit(c) || is_lower(c) || c == '.' || c == '_' || c == '-';
                         });
    if (!is_fine) {
        return problem{
            fmt::format("'{}' is not a provider's name", shown(text)),
            "use lower case letters, digits, '.', '_' and '-', at most 64, starting with a letter "
            "or digit"};
    }
    return std::string{text};
}

parsed<std::string> parse_provider_reference(std::string_view text) {
    const std::size_t slash = text.find('/');
    const parsed<std::string> name = parse_provider_name(text.substr(0, slash));
    if (!name) return name.error();
    if (slash != std::string_view::npos) {
        const parsed<std::string> account = parse_provider_name(text.substr(slash + 1));
        if (!account) return account.error();
    }
    return std::string{text};
}

parsed<std::string> parse_label(std::string_view text) {
    const bool is_fine = !text.empty() && text.size() <= 64 && all(text, [](char c) {
        return is_digit(c) || is_lower(c) || is_upper(c) || c == '.' || c == '_' || c == '-';
    });
    if (!is_fine) {
        return problem{
            "the name is empty, too long, or holds other characters than a name may",
            "use letters, digits, '.', '_' and '-', at most 64"};
    }
    return std::string{text};
}

parsed<std::string> parse_model_name(std::string_view text) {
    const bool is_fine = !text.empty() && text.size() <= 256 && all(text, [](char c) {
        return is_printable(c) && c != ',' && c != '=' && c != '"';
    });
    if (!is_fine) {
        return problem{
            fmt::format("'{}' is not a model's name", shown(text)),
            "write it as in the catalogue, such as openai/gpt-4o-mini"};
    }
    return std::string{text};
}

parsed<std::string> parse_upstream_name(std::string_view text) {
    if (text.empty() || text.size() > 512 || !all(text, is_printable)) {
        return problem{
            fmt::format("'{}' is not a provider's name for a model", shown(text)),
            "write what the provider's API expects as model, such as gpt-4o-mini"};
    }
    return std::string{text};
}

std::string listener_text(const listener& value) {
    if (const auto* unix_socket = std::get_if<unix_path>(&value))
        return "unix:" + unix_socket->path;
    if (const auto* descriptor = std::get_if<inherited_descriptor>(&value)) {
        return fmt::format("fd:{}", descriptor->number);
    }
    const tcp_address& address = std::get<tcp_address>(value);
    const bool is_v6 = address.host.contains(':');
    return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", address.host, is_v6 ? "]" : "", address.port);
}

std::string date_text(std::chrono::sys_seconds value) {
    using namespace std::chrono;
    const sys_days midnight = floor<days>(value);
    const year_month_day date{midnight};
    const std::string day_text = fmt::format(
        "{:04}-{:02}-{:02}",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day())
    );
    if (value == midnight) return day_text;
    const hh_mm_ss time{value - midnight};
    return fmt::format(
        "{}T{:02}:{:02}:{:02}Z",
        day_text,
        time.hours().count(),
        time.minutes().count(),
        time.seconds().count()
    );
}

bool is_loopback_host(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") return true;
    const std::string four = canonical_address(host, AF_INET);
    if (!four.empty()) return four.starts_with("127.");
    const std::string six = canonical_address(host, AF_INET6);
    return six == "::1" || six.starts_with("::ffff:127.");
}

}  // namespace spillway::settings
