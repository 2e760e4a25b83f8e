// A TCP address of either family with its port: a value of 28 octets that goes straight into the system
// calls. `address_list` holds the few addresses a name stands for, in place, so that handing out a cached
// answer allocates nothing.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <netinet/in.h>

namespace spillway::net {

class address {
public:
    enum class family : std::uint8_t { none, v4, v6 };

    address() noexcept = default;
    // REQUIRES: an AF_INET or AF_INET6 address; anything else becomes `none`.
    address(const sockaddr* raw, socklen_t size) noexcept;

    // An IPv4 or IPv6 literal, the latter with or without brackets. Names are not looked up.
    static std::optional<address> parse(std::string_view literal, std::uint16_t port) noexcept;
    static address loopback(family of, std::uint16_t port) noexcept;

    family which() const noexcept;
    bool is_loopback() const noexcept;
    std::uint16_t port() const noexcept;
    address with_port(std::uint16_t port) const noexcept;

    const sockaddr* data() const noexcept { return &raw_.any; }
    socklen_t size() const noexcept;

    std::string host_text() const;  // "127.0.0.1", "::1"
    std::string text() const;       // "127.0.0.1:80", "[::1]:80"

    friend bool operator==(const address& a, const address& b) noexcept;
    std::size_t hash() const noexcept;

private:
    union storage {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6{};
    };
    storage raw_;
};

struct address_hash {
    std::size_t operator()(const address& of) const noexcept { return of.hash(); }
};

class address_list {
public:
    static constexpr std::size_t capacity = 8;

    // More than `capacity` are dropped: nobody tries nine addresses within one connect deadline.
    void add(const address& one) noexcept {
        if (count_ < capacity) items_[count_++] = one;
    }
    bool contains(const address& one) const noexcept;
    bool empty() const noexcept { return count_ == 0; }
    std::size_t size() const noexcept { return count_; }
    const address& operator[](std::size_t at) const noexcept { return items_[at]; }
    const address* begin() const noexcept { return items_.data(); }
    const address* end() const noexcept { return items_.data() + count_; }
    address_list with_port(std::uint16_t port) const noexcept;

private:
    std::array<address, capacity> items_{};
    std::size_t count_ = 0;
};

}  // namespace spillway::net
