#include "adapters/base_url.hpp"

#include "adapters/json/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters {

namespace {

bool is_alnum(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_host(std::string_view host) noexcept {
    if (host.starts_with('[')) {
        auto inner = host.substr(1, host.size() - 1);
        if (!inner.ends_with(']')) return false;
        inner.remove_suffix(1);
        return inner.find(':') != inner.npos && std::all_of(inner.begin(), inner.end(), [](char c) {
                   return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                          (c >= 'A' && c <= 'F') || c == ':' || c == '.';
               });
    }
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return is_alnum(c) || c == '-' || c == '.' || c == '_';
    });
}

bool is_port(std::string_view text) noexcept {
    auto port = json::to_integer(text);
    return port && *port > 0 && *port < 65536;
}

bool is_path(std::string_view path) noexcept {
    return std::all_of(path.begin(), path.end(), [](char c) {
        return is_alnum(c) || std::string_view{"/-._~:@%+=,"}.find(c) != std::string_view::npos;
    });
}

problem wrong(std::string_view text, std::string_view why) {
    return make_problem(
        error_class::bad_request, fmt::format("base URL '{}': {}", text, why), "base_url"
    );
}

}  // namespace

result<base_url> parse_base_url(std::string_view text) {
    auto scheme_end = text.find("://");
    auto scheme = text.substr(0, scheme_end);
    if (scheme_end == text.npos || (scheme != "https" && scheme != "http")) {
        return wrong(text, "it must begin with https:// or http://");
    }
    auto rest = text.substr(scheme_end + 3);
    if (rest.find_first_of("?#") != rest.npos)
        return wrong(text, "a query or fragment has no place in it");
    auto slash = std::min(rest.find('/'), rest.size());
    auto authority = rest.substr(0, slash);
    auto path = rest.substr(slash);
    if (authority.find('@') != authority.npos)
        return wrong({}, "user and password have no place in it");
    auto host = authority;
    auto colon = authority.rfind(':');
    if (colon != authority.npos && authority.find(']', colon) == authority.npos) {
        host = authority.substr(0, colon);
        if (!is_port(authority.substr(colon + 1)))
            return wrong(text, "the port must be 1 to 65535");
    }
    if (!is_host(host)) return wrong(text, "the host is not a name or an address");
    if (!is_path(path) || path.find("..") != path.npos || path.find("//") != path.npos) {
        return wrong(text, "the path is not plain");
    }
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return base_url{fmt::format("{}://{}", scheme, authority), std::string{path}};
}

std::string path_segment(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out.push_back(c);
        } else {
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

}  // namespace spillway::adapters
