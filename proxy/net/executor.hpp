// Names for the loop. One a worker, run by one thread; everything in net/ that belongs to it is touched on that
// thread only, except `post`.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace spillway::net {

// Descriptors have no lock: they wake coroutines from inside the reactor, which then use it (net/descriptor). Posts
// from other threads stay safe.
class loop : public boost::asio::io_context {
public:
    loop() : io_context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO} {}
};

using executor = boost::asio::io_context::executor_type;
using timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock,
    boost::asio::wait_traits<std::chrono::steady_clock>,
    executor>;

}  // namespace spillway::net
