#include "bench/sim/listener.hpp"

#include "bench/sim/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace spillway::bench::sim {
namespace {

task<void> serve(std::unique_ptr<connection> client) {
    co_await client->run();
}

void rethrow(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
}

}  // namespace

listener::listener(service& shared, std::vector<std::unique_ptr<asio::io_context>>& lanes)
    : shared_(shared)
    , lanes_(lanes)
    , acceptor_(lanes.front()->get_executor())
    , reopen_(lanes.front()->get_executor())
    , endpoint_(asio::ip::make_address(shared.settings().address), shared.settings().port) {
    open();
    endpoint_ = acceptor_.local_endpoint();
}

void listener::open() {
    acceptor_.open(endpoint_.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address{true});
    acceptor_.bind(endpoint_);
    acceptor_.listen(4096);
}

void listener::start() {
    asio::co_spawn(lanes_.front()->get_executor(), accept_all(), rethrow);
}

void listener::close_for(duration time) {
    auto close = [this, time] {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        reopen_.expires_after(time);
    };
    asio::post(*lanes_.front(), std::move(close));
}

task<void> listener::accept_all() {
    for (;;) {
        auto& lane = *lanes_[next_lane_++ % lanes_.size()];
        auto [error, accepted] = co_await acceptor_.async_accept(lane, token);
        if (!acceptor_.is_open()) {
            co_await reopen_.async_wait(token);
            open();
            continue;
        }
        if (error) {  // out of descriptors, or the client left the queue: try again a little later
            reopen_.expires_after(std::chrono::milliseconds{5});
            co_await reopen_.async_wait(token);
            continue;
        }
        auto client = std::make_unique<connection>(shared_, std::move(accepted));
        asio::co_spawn(lane.get_executor(), serve(std::move(client)), rethrow);
    }
}

}  // namespace spillway::bench::sim
