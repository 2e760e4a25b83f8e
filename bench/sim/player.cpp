#include "bench/sim/player.hpp"

#include "bench/sim/bench_page.hpp"

#include <algorithm>
#include <utility>

namespace spillway::bench::sim {

using namespace std::chrono_literals;

std::uint64_t stamp_now() {
    return static_cast<std::uint64_t>(clock::now().time_since_epoch().count());
}

task<next_step> player::play(script made, progress& sent) {
    auto due = clock::now();
    for (auto& one : made.steps) {
        if (one.pause > 0ns) {
            due += one.pause;
            const bool there = co_await pause_until(due);
            if (!there) {
                sent.aborted = true;
                co_return next_step::done;
            }
        }
        if (const auto stamp = one.bytes.find(blank_stamp);
            one.is_event && !one.is_sealed && stamp != std::string::npos) {
            put_stamp(one.bytes.data() + stamp, stamp_now());
        }
        const bool written = co_await send(one.bytes);
        if (!written) {
            sent.aborted = true;
            co_return next_step::done;
        }
        sent.bytes += one.bytes.size();
        if (one.is_event) {
            ++sent.events;
            events_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    const auto next = co_await end_with(made.end, sent);
    co_return next;
}

task<next_step> player::end_with(ending end, progress& sent) {
    switch (end) {
    case ending::keep_alive: co_return next_step::another_request;
    case ending::reset: transport_.reset(); break;
    case ending::hang:
        co_await drain(duration::max());
        sent.aborted = true;
        break;
    case ending::close:
        // Closing with unread octets in the socket would turn into a reset and destroy the answer.
        transport_.finish_sending();
        co_await drain(1s);
        break;
    }
    co_return next_step::done;
}

// Reads and drops until the client closes or the time is over.
task<void> player::drain(duration limit) {
    if (limit != duration::max()) {
        timer_.expires_after(limit);
        timer_.async_wait([this](boost::system::error_code error) {
            if (!error) transport_.raw().cancel();
        });
    }
    std::string dropped(16 * 1024, '\0');
    std::size_t count = 1;
    while (count > 0)
        count = co_await transport_.read_some(asio::buffer(dropped));
    timer_.cancel();
}

task<bool> player::send(std::string_view bytes) {
    bool broken = false;
    const auto taken = transport_.write_now(bytes, broken);
    if (broken) co_return false;
    if (taken == bytes.size()) co_return true;
    const bool written = co_await transport_.write(bytes.substr(taken));
    co_return written;
}

task<bool> player::pause_until(time_point due) {
    constexpr auto look_interval = 20ms;
    watch_.arm();
    for (;;) {
        const auto now = clock::now();
        if (now >= due) co_return true;
        timer_.expires_at(watch_.is_deaf() ? std::min(due, now + look_interval) : due);
        co_await timer_.async_wait(token);
        if (clock::now() < due && transport_.is_abandoned()) co_return false;
    }
}

}  // namespace spillway::bench::sim
