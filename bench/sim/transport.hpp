// One accepted connection as a stream of octets, plain or TLS. Owned by its connection; one thread.
#pragma once

#include "bench/base/net.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <string_view>

namespace spillway::bench::sim {

class transport {
public:
    explicit transport(socket accepted);

    // False when the handshake failed.
    task<bool> start_tls(asio::ssl::context& context);

    // Octets read; 0 when the client closed or the connection broke.
    task<std::size_t> read_some(asio::mutable_buffer into);

    // Sends what the kernel takes at once and says how much: all of it on the usual path, so that no
    // coroutine frame and no completion is spent on it. Always 0 under TLS. Sets `broken` on an error.
    std::size_t write_now(std::string_view bytes, bool& broken);

    // Everything or false.
    task<bool> write(std::string_view bytes);

    // The client has closed its side or reset the connection, as the kernel knows, even unread.
    bool is_abandoned() const;

    void reset();
    void finish_sending();

    socket& raw() { return socket_; }

private:
    socket socket_;
    std::unique_ptr<asio::ssl::stream<socket&>> tls_;
};

}  // namespace spillway::bench::sim
