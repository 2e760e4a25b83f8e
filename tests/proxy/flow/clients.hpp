// The client's side of a request over a socket pair: the reply that writes to it, and what the client got.
#pragma once

#include "proxy/flow/reply.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"

#include <string>

#include <sys/socket.h>

namespace spillway::tests {

struct client_pair {
    loop_runner runner;
    net::activity self{runner.wheel()};
    raw_socket other;  // the client
    net::stream ours;
    flow::reply reply{ours, self};

    explicit client_pair(socket_pair pair = unix_pair()) : other{std::move(pair.theirs)} {
        net::prepare_socket(pair.ours.number());
        ours = net::stream{net::descriptor{runner.loop(), pair.ours.take()}, side::client};
    }

    // What lies there for the client, without waiting for more.
    std::string received() const {
        std::string all;
        char room[65536];
        for (;;) {
            const ssize_t got = ::recv(other.number(), room, sizeof room, MSG_DONTWAIT);
            if (got <= 0) return all;
            all.append(room, static_cast<std::size_t>(got));
        }
    }
    result<> send(std::string_view text, flow::part which) {
        return reply.send(net::pieces{&text, 1}, which);
    }
};

}  // namespace spillway::tests
