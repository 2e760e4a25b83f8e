// The Asio words of the test equipment: typed executor, coroutine and completion token, socket and timer. One
// io_context a thread; everything of a connection happens on the thread of its context.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace spillway::bench {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using clock = std::chrono::steady_clock;
using duration = clock::duration;
using time_point = clock::time_point;

using executor = asio::io_context::executor_type;
template <typename T>
using task = asio::awaitable<T, executor>;
using socket = asio::basic_stream_socket<tcp, executor>;
using acceptor = asio::basic_socket_acceptor<tcp, executor>;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;

inline constexpr asio::as_tuple_t<asio::use_awaitable_t<executor>> token{
    asio::use_awaitable_t<executor>{}};

}  // namespace spillway::bench
