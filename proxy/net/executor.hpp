// Names for the loop. One io_context a worker, run by one thread; everything in net/ that belongs to it is
// touched on that thread only, except `post`.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace spillway::net {

using loop = boost::asio::io_context;
using executor = loop::executor_type;
using timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock,
    boost::asio::wait_traits<std::chrono::steady_clock>,
    executor>;

}  // namespace spillway::net
