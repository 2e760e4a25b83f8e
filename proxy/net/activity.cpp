#include "proxy/net/activity.hpp"

#include "proxy/base/check.hpp"

#include <utility>

namespace spillway::net {

waitable::~waitable() {
    if (waiter_ != nullptr) waiter_->thing_ = nullptr;
}

void waitable::wake_waiter() {
    if (activity* waiter = std::exchange(waiter_, nullptr)) {
        waiter->thing_ = nullptr;
        waiter->resume(wake::ready);
    }
}

activity::~activity() {
    if (thing_ != nullptr) thing_->waiter_ = nullptr;
}

void activity::suspend(waitable& thing, std::coroutine_handle<> frame) noexcept {
    SPILLWAY_ASSERT(thing.waiter_ == nullptr && thing_ == nullptr);
    thing.waiter_ = this;
    thing_ = &thing;
    frame_ = frame;
}

void activity::resume(wake why) {
    why_ = why;
    std::exchange(frame_, {}).resume();
}

wake activity::resumed() noexcept {
    if (interrupted_ != wake::ready) return interrupted_;
    return std::exchange(why_, wake::ready);
}

void activity::interrupt(wake why) {
    if (interrupted_ == wake::ready) interrupted_ = why;
    if (thing_ == nullptr) return;
    std::exchange(thing_, nullptr)->waiter_ = nullptr;
    resume(why);
}

void activity::nudge() {
    if (thing_ == nullptr) return;
    std::exchange(thing_, nullptr)->waiter_ = nullptr;
    resume(wake::ready);
}

void activity::expired() {
    if (thing_ == nullptr)
        return;  // busy with something that does not wait; the next deadline counts
    std::exchange(thing_, nullptr)->waiter_ = nullptr;
    resume(wake::timeout);
}

}  // namespace spillway::net
