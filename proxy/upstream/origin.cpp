#include "proxy/upstream/origin.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace spillway::upstream {

std::string origin::identity() const {
    return (scheme == upstream::scheme::https ? "https|" : "http|") + host + '|' +
           std::to_string(port) + '|' + ca_file;
}

origin parse_origin(std::string_view url, std::string ca_file) {
    origin made;
    made.ca_file = std::move(ca_file);
    if (url.starts_with("https://")) {
        made.scheme = scheme::https;
        url.remove_prefix(8);
    } else if (url.starts_with("http://")) {
        made.scheme = scheme::http;
        made.port = 80;
        url.remove_prefix(7);
    } else {
        throw std::invalid_argument("a provider's URL must begin with http:// or https://");
    }
    const std::string_view authority = url.substr(0, url.find('/'));
    made.authority = authority;
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    std::string_view host = has_port ? authority.substr(0, colon) : authority;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    made.host = host;
    if (has_port) {
        const std::string_view digits = authority.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), made.port);
        if (error != std::errc{} || end != digits.data() + digits.size() || made.port == 0) {
            throw std::invalid_argument("a provider's URL has a bad port");
        }
    }
    if (made.host.empty()) throw std::invalid_argument("a provider's URL has no host");
    return made;
}

}  // namespace spillway::upstream
