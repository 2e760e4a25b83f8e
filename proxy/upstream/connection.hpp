// One upstream connection: its stream, its history, and the watch that is kept over it while parked. A parked
// connection that becomes readable is dead or has broken the protocol: it is dropped at once. Belongs to one
// worker; owned by the pool while parked and by a lease while in use.
#pragma once

#include "proxy/net/stream.hpp"
#include "proxy/upstream/origin.hpp"
#include "proxy/upstream/pool_rules.hpp"

namespace spillway::upstream {

class pool;

class connection final : private net::descriptor::direction::observer, private net::wheel_entry {
public:
    connection(net::stream opened, origin_id where, base::time_point now) noexcept
        : stream{std::move(opened)}
        , where_{where}
        , history_{now} {}

    net::stream stream;

    origin_id where() const noexcept { return where_; }
    const connection_history& history() const noexcept { return history_; }
    // It served a request before: its end may have been closing while we sent.
    bool is_reused() const noexcept { return history_.requests > 1; }
    void count_request() noexcept { ++history_.requests; }

private:
    friend class pool;
    void park(pool& in, base::time_point until, net::timer_wheel& wheel);
    void unpark(net::timer_wheel& wheel);
    void became_ready() override;
    void expired() override;

    origin_id where_;
    connection_history history_;
    pool* parked_in_ = nullptr;
};

}  // namespace spillway::upstream
