#include "proxy/net/timer_wheel.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <time.h>

namespace spillway::net {

void wheel_entry::unlink() noexcept {
    if (at_ == nullptr) return;
    *at_ = next_;
    if (next_ != nullptr) next_->at_ = at_;
    at_ = nullptr;
    next_ = nullptr;
}

timer_wheel::timer_wheel(loop& on) : timer_{on.get_executor()}, epoch_{now()} {}

base::time_point timer_wheel::now() const noexcept {
    timespec at{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
    return base::time_point{std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec}};
}

std::uint64_t timer_wheel::tick_of(base::time_point at) const noexcept {
    if (at <= epoch_) return 0;
    return static_cast<std::uint64_t>((at - epoch_) / tick);
}

void timer_wheel::set(wheel_entry& entry, base::time_point deadline) {
    const base::time_point before = std::exchange(entry.deadline_, deadline);
    if (deadline == base::never) return;
    // Linked at or before its old deadline, so a later one needs no look at the slots: the relay's case.
    if (entry.at_ != nullptr && deadline >= before) return;
    // One tick later than the deadline's own: an entry never comes up early.
    const std::uint64_t due = tick_of(deadline) + 1;
    if (entry.at_ != nullptr && entry.tick_ <= due)
        return;  // comes up in time; looked at again then
    entry.unlink();
    link(entry, due);
    if (entry.tick_ < armed_for_) arm(entry.tick_);
}

void timer_wheel::link(wheel_entry& entry, std::uint64_t at_tick) {
    const std::uint64_t current = std::max(done_, tick_of(now()));
    entry.tick_ = std::clamp(at_tick, current + 1, current + slots - 1);
    const std::size_t slot = entry.tick_ % slots;
    entry.next_ = heads_[slot];
    if (entry.next_ != nullptr) entry.next_->at_ = &entry.next_;
    entry.at_ = &heads_[slot];
    heads_[slot] = &entry;
    occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void timer_wheel::arm_for_next_slot() {
    const std::uint64_t first = done_ + 1;
    for (std::uint64_t step = 0; step < slots;) {
        const std::size_t slot = (first + step) % slots;
        const std::uint64_t rest = occupied_[slot / 64] >> (slot % 64);
        if (rest == 0) {
            step += 64 - slot % 64;
            continue;
        }
        step += static_cast<std::uint64_t>(std::countr_zero(rest));
        if (step < slots) arm(first + step);
        return;
    }
}

void timer_wheel::arm(std::uint64_t at_tick) {
    armed_for_ = at_tick;
    timer_.expires_at(epoch_ + tick * at_tick);
    timer_.async_wait([this](const boost::system::error_code& aborted) {
        if (!aborted) turn();
    });
}

void timer_wheel::turn() {
    armed_for_ = UINT64_MAX;
    const base::time_point at = base::clock::now();
    const std::uint64_t target = tick_of(at);
    // After a long stall every slot is visited once at most.
    std::uint64_t from = done_ + 1;
    if (target >= slots && from < target - slots + 1) from = target - slots + 1;
    for (std::uint64_t now_tick = from; now_tick <= target; ++now_tick) {
        done_ = now_tick;
        empty_slot(now_tick, at);
    }
    arm_for_next_slot();
}

void timer_wheel::empty_slot(std::uint64_t at_tick, base::time_point at) {
    const std::size_t slot = at_tick % slots;
    occupied_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    // The list moves to a local head first: expired() may link new entries into this very slot.
    wheel_entry* head = heads_[slot];
    heads_[slot] = nullptr;
    if (head != nullptr) head->at_ = &head;
    while (head != nullptr) {
        wheel_entry& entry = *head;
        entry.unlink();
        if (entry.deadline_ == base::never) continue;
        if (entry.deadline_ > at) {
            link(entry, tick_of(entry.deadline_) + 1);
            continue;
        }
        entry.deadline_ = base::never;
        entry.expired();
    }
}

}  // namespace spillway::net
