// One upstream connection whose other end the test holds, and a loop to run what is done on it.
#pragma once

#include "proxy/net/descriptor.hpp"
#include "proxy/upstream/connection.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"

#include <memory>

namespace spillway::tests {

inline std::unique_ptr<upstream::connection>
connection_over(loop_runner& on, raw_socket& socket, upstream::origin_id where = {}) {
    net::prepare_socket(socket.number());
    net::stream opened{net::descriptor{on.loop(), socket.take()}, side::upstream};
    return std::make_unique<upstream::connection>(std::move(opened), where, on.wheel().now());
}

}  // namespace spillway::tests
