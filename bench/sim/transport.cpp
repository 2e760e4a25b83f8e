#include "bench/sim/transport.hpp"

#include <boost/asio/write.hpp>

#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace spillway::bench::sim {

transport::transport(socket accepted) : socket_(std::move(accepted)) {
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
    socket_.non_blocking(true, ignored);
}

task<bool> transport::start_tls(asio::ssl::context& context) {
    tls_ = std::make_unique<asio::ssl::stream<socket&>>(socket_, context);
    auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, token);
    co_return !error;
}

task<std::size_t> transport::read_some(asio::mutable_buffer into) {
    if (tls_) {
        auto [error, count] = co_await tls_->async_read_some(into, token);
        co_return error ? 0 : count;
    }
    auto [error, count] = co_await socket_.async_read_some(into, token);
    co_return error ? 0 : count;
}

std::size_t transport::write_now(std::string_view bytes, bool& broken) {
    if (tls_) return 0;
    boost::system::error_code error;
    const auto count = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    broken = error && error != asio::error::would_block;
    return count;
}

task<bool> transport::write(std::string_view bytes) {
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    if (tls_) {
        auto [error, count] = co_await asio::async_write(*tls_, buffer, token);
        co_return !error && count == bytes.size();
    }
    auto [error, count] = co_await asio::async_write(socket_, buffer, token);
    co_return !error && count == bytes.size();
}

bool transport::is_abandoned() const {
    tcp_info info{};
    socklen_t size = sizeof info;
    auto& handle = const_cast<socket&>(socket_);
    if (::getsockopt(handle.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return true;
    return info.tcpi_state != TCP_ESTABLISHED;
}

void transport::reset() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket_.close(ignored);
}

void transport::finish_sending() {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace spillway::bench::sim
