#include "proxy/net/listening_socket.hpp"

#include "proxy/net/stream.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace spillway::net {

namespace {

// Closes on the way out of a failed start.
class owned_socket {
public:
    explicit owned_socket(int number) noexcept : number_{number} {}
    owned_socket(const owned_socket&) = delete;
    owned_socket& operator=(const owned_socket&) = delete;
    ~owned_socket() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const noexcept { return number_; }
    int take() noexcept {
        const int taken = number_;
        number_ = -1;
        return taken;
    }

private:
    int number_;
};

[[noreturn]] void complain(const std::string& where, std::string_view what, int error) {
    throw std::runtime_error{
        "cannot listen on " + where + ": " + std::string{what} +
        (error == 0 ? "" : ": " + std::generic_category().message(error))};
}

owned_socket open_socket(int family, const std::string& where) {
    const int number = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (number < 0) complain(where, "socket", errno);
    return owned_socket{number};
}

void start_listening(int socket, const std::string& where) {
    if (::listen(socket, SOMAXCONN) != 0) complain(where, "listen", errno);
}

void set_on(int socket, int level, int option) noexcept {
    const int on = 1;
    setsockopt(socket, level, option, &on, sizeof on);
}

sockaddr_un unix_address(const std::string& path) {
    sockaddr_un made{};
    made.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof made.sun_path)
        complain("unix:" + path, "the path is empty or too long for a socket", 0);
    std::memcpy(made.sun_path, path.data(), path.size());
    return made;
}

// A socket file whose process is gone refuses connections; only such a file is removed.
void remove_stale(const sockaddr_un& at, const std::string& where) {
    struct stat file {};
    if (::lstat(at.sun_path, &file) != 0 || !S_ISSOCK(file.st_mode))
        complain(where, "a file that is no socket is in the way", 0);
    const owned_socket probe = open_socket(AF_UNIX, where);
    if (::connect(probe.number(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 ||
        errno == EAGAIN) {
        complain(where, "in use by another process", 0);
    }
    if (errno != ECONNREFUSED) complain(where, "cannot tell who owns the socket", errno);
    if (::unlink(at.sun_path) != 0) complain(where, "cannot remove the old socket", errno);
}

}  // namespace

int listen_tcp(const address& where, port_use use) {
    const std::string name = where.text();
    owned_socket socket = open_socket(where.data()->sa_family, name);
    set_on(socket.number(), SOL_SOCKET, SO_REUSEADDR);
    if (where.which() == address::family::v6) {
        const int off = 0;  // [::] serves IPv4 too, whatever the system's default
        setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    // Bound without SO_REUSEPORT, the first socket conflicts with every other listener, also with one of
    // another process that has the option. Set right after, it opens the group for our other workers.
    if (use == port_use::join_group) set_on(socket.number(), SOL_SOCKET, SO_REUSEPORT);
    if (::bind(socket.number(), where.data(), where.size()) != 0) {
        if (errno == EADDRINUSE) complain(name, "address in use by another process", 0);
        complain(name, "bind", errno);
    }
    set_on(socket.number(), SOL_SOCKET, SO_REUSEPORT);
    prepare_socket(socket.number());  // accepted sockets inherit these options
    start_listening(socket.number(), name);
    return socket.take();
}

int listen_unix(const std::string& path) {
    const std::string name = "unix:" + path;
    const sockaddr_un at = unix_address(path);
    owned_socket socket = open_socket(AF_UNIX, name);
    const auto* const raw = reinterpret_cast<const sockaddr*>(&at);
    if (::bind(socket.number(), raw, sizeof at) != 0) {
        if (errno != EADDRINUSE) complain(name, "bind", errno);
        remove_stale(at, name);
        if (::bind(socket.number(), raw, sizeof at) != 0) complain(name, "bind", errno);
    }
    start_listening(socket.number(), name);
    return socket.take();
}

int adopt_listening(int number) {
    const std::string name = "fd:" + std::to_string(number);
    int listens = 0;
    socklen_t size = sizeof listens;
    if (getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0)
        complain(name, "not a socket", errno);
    if (listens == 0) complain(name, "the socket does not listen", 0);
    fcntl(number, F_SETFD, FD_CLOEXEC);
    prepare_socket(number);
    return number;
}

int duplicate_listening(int socket) {
    const int copy = fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) complain("fd:" + std::to_string(socket), "duplicate", errno);
    return copy;
}

address bound_address(int socket) noexcept {
    sockaddr_storage raw{};
    socklen_t size = sizeof raw;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&raw), &size) != 0) return {};
    return {reinterpret_cast<const sockaddr*>(&raw), size};
}

}  // namespace spillway::net
