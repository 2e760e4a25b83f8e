// Blocking sockets on loopback, for the other side of what a test looks at.
#pragma once

#include "proxy/net/address.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::tests {

// Owns a descriptor number.
class raw_socket {
public:
    raw_socket() = default;
    explicit raw_socket(int number) noexcept : number_{number} {}
    raw_socket(raw_socket&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    raw_socket& operator=(raw_socket&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~raw_socket();

    int number() const noexcept { return number_; }
    int take() noexcept { return std::exchange(number_, -1); }
    void close() noexcept;
    void reset() noexcept;  // closes with RST
    void end_writing() noexcept;

    void write(std::string_view octets) const;
    std::string read(std::size_t at_most = 65536) const;  // empty at the end of the stream
    std::string read_exactly(std::size_t count) const;

private:
    int number_ = -1;
};

struct socket_pair {
    raw_socket ours;
    raw_socket theirs;
};

socket_pair tcp_pair();
socket_pair unix_pair();

// Listens on a free port of the loopback address.
raw_socket
listen_on_loopback(net::address::family family = net::address::family::v4, int backlog = 16);
net::address local_address(const raw_socket& of);
raw_socket connect_to(const net::address& to);
raw_socket accept_from(const raw_socket& listener);
// An address of the family where nobody listens: bound, then given back.
net::address refusing_address(net::address::family family = net::address::family::v4);

}  // namespace spillway::tests
