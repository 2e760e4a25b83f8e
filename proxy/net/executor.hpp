// Names for the loop. One a worker, run by one thread; everything in net/ that belongs to it is touched on that
// thread only, except `send`.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace spillway::net {

class mailbox;

// Asio's loop without its locks, which cost a hundred instructions an event. So nothing of it may be called from
// another thread, posting and stopping included: others send a command, which runs on the loop's thread. Without
// locks descriptors may also wake coroutines from inside the reactor (net/descriptor). Never runs out of work.
class loop : public boost::asio::io_context {
public:
    using command = std::move_only_function<void()>;

    loop();
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;
    ~loop();

    // From any thread, in order. Commands that come while the loop does not run wait for it.
    void send(command what);

private:
    std::unique_ptr<mailbox> mail_;
};

using executor = boost::asio::io_context::executor_type;
using timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock,
    boost::asio::wait_traits<std::chrono::steady_clock>,
    executor>;

}  // namespace spillway::net
