// One connection of the load generator: sends the plan's request again and again, checks and measures every
// answer. Connects anew after an error. Lives in the frame of its coroutine on one thread.
#pragma once

#include "bench/base/net.hpp"
#include "bench/load/plan.hpp"
#include "bench/load/response_reader.hpp"
#include "bench/load/tally.hpp"

#include <memory>

namespace spillway::bench::load {

class client final : event_sink {
public:
    client(plan& shared, tally& counts, asio::io_context& lane, std::size_t index);

    task<void> run();

private:
    task<bool> connect();
    task<bool> send();
    task<bool> exchange(time_point due);
    task<time_point> wait_for_turn();
    void on_event(std::uint64_t stamp, std::uint64_t now) override;
    void settle(time_point due, time_point sent);
    bool fail(const char* reason);
    bool is_measuring() const { return shared_.measuring.load(std::memory_order_relaxed); }

    plan& shared_;
    tally& counts_;
    socket socket_;
    timer timer_;
    response_reader reader_;
    std::unique_ptr<char[]> buffer_;
    std::size_t index_;
    std::uint64_t turn_ = 0;
    std::uint64_t first_at_ = 0;  // nanoseconds; zero until the answer begins
    bool connected_ = false;
    bool failed_ = false;  // in this turn
    bool counted_open_ = false;
};

}  // namespace spillway::bench::load
