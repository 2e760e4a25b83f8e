#include "proxy/net/listener.hpp"

#include "proxy/net/listening_socket.hpp"

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace spillway::net {

namespace {

constexpr int burst_size = 64;  // then streams get their turn
constexpr std::chrono::milliseconds rest_without_room{100};

int open_socket(const listen_endpoint& where) {
    if (const auto* tcp = std::get_if<address>(&where))
        return listen_tcp(*tcp, port_use::exclusive);
    if (const auto* local = std::get_if<unix_endpoint>(&where)) return listen_unix(local->path);
    return adopt_listening(std::get<inherited_endpoint>(where).number);
}

bool lacks_room(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

}  // namespace

listener::listener(loop& on, timer_wheel& wheel, const listen_endpoint& where)
    : socket_{on, open_socket(where)}
    , turn_{on}
    , rest_{wheel}
    , actual_{bound_address(socket_.native())}
    , shares_port_{std::holds_alternative<address>(where)} {
    if (const auto* local = std::get_if<unix_endpoint>(&where)) {
        path_ = local->path;
        owns_path_ = true;
    }
}

listener::listener(loop& on, timer_wheel& wheel, const listener& first)
    : socket_{on,
              first.shares_port_ ? listen_tcp(first.actual_, port_use::join_group)
                                 : duplicate_listening(first.socket_.native())}
    , turn_{on}
    , rest_{wheel}
    , actual_{first.actual_}
    , path_{first.path_}
    , shares_port_{first.shares_port_} {}

listener::~listener() {
    if (owns_path_) ::unlink(path_.c_str());
}

std::string listener::describe() const {
    if (actual_.which() != address::family::none) return actual_.text();
    return path_.empty() ? "inherited socket" : "unix:" + path_;
}

listener::burst listener::accept_some(accepted& on_accept) {
    for (int tries = 0; tries < burst_size; ++tries) {
        sockaddr_storage from;
        socklen_t size = sizeof from;
        from.ss_family = AF_UNSPEC;
        auto* const raw = reinterpret_cast<sockaddr*>(&from);
        const int socket = ::accept4(socket_.native(), raw, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            on_accept(socket, address{raw, size});
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) return burst::emptied;
        if (lacks_room(errno)) return burst::no_room;
        // Anything else belongs to the connection that went away before we took it.
    }
    return burst::more;
}

task<> listener::run(accepted on_accept, activity& self) {
    wake why = wake::ready;
    while (why == wake::ready) {
        switch (accept_some(on_accept)) {
        case burst::emptied:
            socket_.reading().exhausted();
            socket_.reading().arm();
            why = co_await self.wait_for(socket_.reading());
            break;
        case burst::more: why = co_await turn_.begin(self); break;
        case burst::no_room:
            ++pauses_;
            why = co_await rest_.for_a(rest_without_room, self);
            break;
        }
    }
    finish(on_accept);
}

void listener::finish(accepted& on_accept) {
    // A queue is SOMAXCONN long; whoever connects while we empty it does not keep us here.
    for (int bursts = 0; bursts < SOMAXCONN / burst_size; ++bursts) {
        if (accept_some(on_accept) != burst::more) break;
    }
    socket_.close();
}

}  // namespace spillway::net
