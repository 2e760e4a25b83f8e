#include "proxy/net/address.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

#include <arpa/inet.h>

namespace spillway::net {

address::address(const sockaddr* raw, socklen_t size) noexcept {
    if (raw->sa_family == AF_INET && size >= sizeof raw_.v4) {
        std::memcpy(&raw_.v4, raw, sizeof raw_.v4);
    } else if (raw->sa_family == AF_INET6 && size >= sizeof raw_.v6) {
        std::memcpy(&raw_.v6, raw, sizeof raw_.v6);
    }
}

std::optional<address> address::parse(std::string_view literal, std::uint16_t port) noexcept {
    if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']') {
        literal = literal.substr(1, literal.size() - 2);
        if (!literal.contains(':')) return std::nullopt;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (literal.empty() || literal.size() >= text.size()) return std::nullopt;
    std::copy(literal.begin(), literal.end(), text.begin());
    address made;
    if (inet_pton(AF_INET, text.data(), &made.raw_.v4.sin_addr) == 1) {
        made.raw_.v4.sin_family = AF_INET;
        return made.with_port(port);
    }
    made = address{};
    if (inet_pton(AF_INET6, text.data(), &made.raw_.v6.sin6_addr) == 1) {
        made.raw_.v6.sin6_family = AF_INET6;
        return made.with_port(port);
    }
    return std::nullopt;
}

address address::loopback(family of, std::uint16_t port) noexcept {
    return parse(of == family::v6 ? "::1" : "127.0.0.1", port).value_or(address{});
}

address::family address::which() const noexcept {
    switch (raw_.any.sa_family) {
    case AF_INET: return family::v4;
    case AF_INET6: return family::v6;
    default: return family::none;
    }
}

bool address::is_loopback() const noexcept {
    if (which() == family::v4) return ntohl(raw_.v4.sin_addr.s_addr) >> 24 == 127;
    return which() == family::v6 && IN6_IS_ADDR_LOOPBACK(&raw_.v6.sin6_addr);
}

std::uint16_t address::port() const noexcept {
    switch (which()) {
    case family::v4: return ntohs(raw_.v4.sin_port);
    case family::v6: return ntohs(raw_.v6.sin6_port);
    case family::none: break;
    }
    return 0;
}

address address::with_port(std::uint16_t port) const noexcept {
    address other = *this;
    if (which() == family::v4) other.raw_.v4.sin_port = htons(port);
    if (which() == family::v6) other.raw_.v6.sin6_port = htons(port);
    return other;
}

socklen_t address::size() const noexcept {
    return which() == family::v4 ? sizeof raw_.v4 : sizeof raw_.v6;
}

std::string address::host_text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (which() == family::v4) {
        inet_ntop(AF_INET, &raw_.v4.sin_addr, text.data(), text.size());
    } else if (which() == family::v6) {
        inet_ntop(AF_INET6, &raw_.v6.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

std::string address::text() const {
    const std::string port_text = ':' + std::to_string(port());
    if (which() == family::v6) return '[' + host_text() + ']' + port_text;
    return host_text() + port_text;
}

// Octets that are not address, port or scope (padding, flow label) do not count.
bool operator==(const address& a, const address& b) noexcept {
    if (a.which() != b.which() || a.port() != b.port()) return false;
    switch (a.which()) {
    case address::family::v4: return a.raw_.v4.sin_addr.s_addr == b.raw_.v4.sin_addr.s_addr;
    case address::family::v6:
        return IN6_ARE_ADDR_EQUAL(&a.raw_.v6.sin6_addr, &b.raw_.v6.sin6_addr) &&
               a.raw_.v6.sin6_scope_id == b.raw_.v6.sin6_scope_id;
    case address::family::none: break;
    }
    return true;
}

std::size_t address::hash() const noexcept {
    std::string_view octets;
    if (which() == family::v4) {
        octets = {reinterpret_cast<const char*>(&raw_.v4.sin_addr), sizeof raw_.v4.sin_addr};
    } else if (which() == family::v6) {
        octets = {reinterpret_cast<const char*>(&raw_.v6.sin6_addr), sizeof raw_.v6.sin6_addr};
    }
    return std::hash<std::string_view>{}(octets)*31 + port();
}

bool address_list::contains(const address& one) const noexcept {
    return std::find(begin(), end(), one) != end();
}

address_list address_list::with_port(std::uint16_t port) const noexcept {
    address_list other;
    for (const address& one : *this)
        other.add(one.with_port(port));
    return other;
}

}  // namespace spillway::net
