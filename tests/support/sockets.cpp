#include "tests/support/sockets.hpp"

#include <cerrno>
#include <system_error>

#include <sys/socket.h>
#include <unistd.h>

namespace spillway::tests {

namespace {

int must(int returned, const char* what) {
    if (returned < 0) throw std::system_error{errno, std::generic_category(), what};
    return returned;
}

}  // namespace

raw_socket::~raw_socket() {
    close();
}

void raw_socket::close() noexcept {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
}

void raw_socket::reset() noexcept {
    const linger at_once{1, 0};
    setsockopt(number_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void raw_socket::end_writing() noexcept {
    ::shutdown(number_, SHUT_WR);
}

void raw_socket::write(std::string_view octets) const {
    while (!octets.empty()) {
        const ssize_t sent = ::send(number_, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (sent < 0) throw std::system_error{errno, std::generic_category(), "send"};
        octets.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string raw_socket::read(std::size_t at_most) const {
    std::string octets(at_most, '\0');
    const ssize_t got = ::recv(number_, octets.data(), octets.size(), 0);
    if (got < 0) throw std::system_error{errno, std::generic_category(), "recv"};
    octets.resize(static_cast<std::size_t>(got));
    return octets;
}

std::string raw_socket::read_exactly(std::size_t count) const {
    std::string octets;
    while (octets.size() < count) {
        const std::string more = read(count - octets.size());
        if (more.empty()) break;
        octets += more;
    }
    return octets;
}

socket_pair tcp_pair() {
    const raw_socket listener = listen_on_loopback();
    socket_pair pair;
    pair.ours = connect_to(local_address(listener));
    pair.theirs = accept_from(listener);
    return pair;
}

socket_pair unix_pair() {
    int ends[2];
    must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
    socket_pair pair;
    pair.ours = raw_socket{ends[0]};
    pair.theirs = raw_socket{ends[1]};
    return pair;
}

raw_socket listen_on_loopback(net::address::family family, int backlog) {
    const net::address at = net::address::loopback(family, 0);
    raw_socket made{must(::socket(at.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")};
    must(::bind(made.number(), at.data(), at.size()), "bind");
    must(::listen(made.number(), backlog), "listen");
    return made;
}

net::address local_address(const raw_socket& of) {
    sockaddr_storage raw{};
    socklen_t size = sizeof raw;
    must(::getsockname(of.number(), reinterpret_cast<sockaddr*>(&raw), &size), "getsockname");
    return {reinterpret_cast<const sockaddr*>(&raw), size};
}

raw_socket connect_to(const net::address& to) {
    raw_socket made{must(::socket(to.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")};
    must(::connect(made.number(), to.data(), to.size()), "connect");
    return made;
}

raw_socket accept_from(const raw_socket& listener) {
    return raw_socket{must(::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC), "accept")};
}

net::address refusing_address(net::address::family family) {
    const net::address at = net::address::loopback(family, 0);
    const raw_socket made{
        must(::socket(at.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")};
    must(::bind(made.number(), at.data(), at.size()), "bind");
    return local_address(made);
}

}  // namespace spillway::tests
