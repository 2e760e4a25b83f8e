#include "proxy/upstream/connection.hpp"

#include "proxy/upstream/pool.hpp"

namespace spillway::upstream {

void connection::park(pool& in, base::time_point until, net::timer_wheel& wheel) {
    parked_in_ = &in;
    stream.socket().reading().observe(this);
    wheel.set(*this, until);
}

void connection::unpark(net::timer_wheel& wheel) {
    parked_in_ = nullptr;
    stream.socket().reading().observe(nullptr);
    wheel.set(*this, base::never);
}

// The first event of all may be no news, and TLS sends tickets between messages: look before it is dropped.
void connection::became_ready() {
    if (stream.look() == net::presence::silent) return;
    parked_in_->drop(*this);
}

void connection::expired() {
    if (parked_in_ != nullptr) parked_in_->drop(*this);
}

}  // namespace spillway::upstream
