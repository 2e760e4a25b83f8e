#include "proxy/wire/target.hpp"

#include "proxy/wire/octets.hpp"

namespace spillway::wire {
namespace {

// pchar of RFC 3986 without ';' (path parameters, read differently by everybody) and '%', plus the separator.
constexpr bool is_plain(char c) noexcept {
    constexpr std::string_view marks = "/-._~!$&'()*+,=:@";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
}

constexpr unsigned value_of_hex(char c) noexcept {
    return octets::is(c, octets::digit) ? static_cast<unsigned>(c - '0')
                                        : static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

constexpr path_verdict refuse(std::uint16_t status, std::string_view reason) noexcept {
    return {status, {}, reason};
}

// False if the path holds something that must not be decoded or is malformed. A dot or a slash is never encoded
// by an honest client; '%' again would be double encoding.
bool decode(std::string_view path, std::string& out) {
    out.clear();
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '%') {
            out.push_back(path[i]);
            continue;
        }
        if (path.size() - i < 3) return false;
        if (!octets::are_all(path.substr(i + 1, 2), octets::hex)) return false;
        const char c =
            static_cast<char>(value_of_hex(path[i + 1]) * 16 + value_of_hex(path[i + 2]));
        if (c == '.' || c == '/' || !is_plain(c)) return false;
        out.push_back(c);
        i += 2;
    }
    return true;
}

path_verdict check_segments(std::string_view path) noexcept {
    std::string_view rest = path.substr(1);
    for (;;) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (segment == "." || segment == "..") return refuse(400, "dot segment in the path");
        if (slash == std::string_view::npos) return {0, path, {}};
        if (segment.empty()) return refuse(404, "empty segment in the path");
        rest.remove_prefix(slash + 1);
    }
}

}  // namespace

target_parts split_target(std::string_view target) noexcept {
    const std::size_t mark = target.find('?');
    std::string_view path = target.substr(0, mark);
    if (path.empty()) path = "/";
    if (mark == std::string_view::npos) return {path, {}};
    return {path, target.substr(mark + 1)};
}

path_verdict check_path(std::string_view path, std::string& scratch) {
    if (path.empty() || path.front() != '/') return refuse(400, "path does not begin with a slash");
    bool encoded = false;
    for (char c : path) {
        if (is_plain(c)) continue;
        if (c == ';') return refuse(404, "path parameter");
        if (c != '%') return refuse(400, "octet not allowed in a path");
        encoded = true;
    }
    if (encoded) {
        if (!decode(path, scratch)) return refuse(400, "encoding not allowed in a path");
        path = scratch;
    }
    return check_segments(path);
}

}  // namespace spillway::wire
