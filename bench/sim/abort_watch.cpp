#include "bench/sim/abort_watch.hpp"

namespace spillway::bench::sim {

abort_watch::abort_watch(transport& watched, timer& pause)
    : transport_(watched)
    , pause_(pause)
    , state_(std::make_shared<state>()) {
    state_->owner = this;
}

abort_watch::~abort_watch() {
    state_->owner = nullptr;
}

void abort_watch::arm() {
    if (state_->armed) return;
    state_->armed = true;
    state_->deaf = false;
    auto fired = [held = state_](boost::system::error_code error) {
        held->armed = false;
        if (error || held->owner == nullptr) return;
        auto& self = *held->owner;
        if (self.transport_.is_abandoned())
            self.pause_.cancel();
        else
            held->deaf = true;
    };
    transport_.raw().async_wait(socket::wait_read, std::move(fired));
}

bool abort_watch::is_deaf() const {
    return state_->deaf;
}

}  // namespace spillway::bench::sim
