// Accepts connections and deals them out to the threads in turn. Lives on the first thread's context. The
// port is bound without SO_REUSEPORT: a second process on the same port would silently take half the load.
#pragma once

#include "bench/base/net.hpp"
#include "bench/sim/service.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace spillway::bench::sim {

class listener {
public:
    // Throws when the address cannot be bound. REQUIRES: the contexts outlive it.
    listener(service& shared, std::vector<std::unique_ptr<asio::io_context>>& lanes);

    std::uint16_t port() const { return endpoint_.port(); }
    void start();

    // Closes the port for a while, so that connecting is refused. From any thread.
    void close_for(duration time);

private:
    void open();
    task<void> accept_all();

    service& shared_;
    std::vector<std::unique_ptr<asio::io_context>>& lanes_;
    acceptor acceptor_;
    timer reopen_;
    tcp::endpoint endpoint_;
    std::size_t next_lane_ = 0;
};

}  // namespace spillway::bench::sim
