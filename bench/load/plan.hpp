// What all clients of a run share: the request to send, the schedule, and the switches the conductor turns.
// The atomics are relaxed: a client that sees a switch a moment late only shifts the window by that moment.
#pragma once

#include "bench/base/net.hpp"
#include "bench/load/options.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace spillway::bench::load {

struct plan {
    explicit plan(const options& chosen);

    // False when the requested number has been handed out.
    bool take_request() {
        if (!counts_requests) return true;
        return left.fetch_sub(1, std::memory_order_relaxed) > 0;
    }

    kind what;
    tcp::endpoint target;
    std::string request;  // head and body, the same every time
    duration stagger;  // between the starts of two connections; too little overflows listen queues
    duration interval{0};  // of one connection in an open loop
    bool counts_requests;
    std::size_t connections;
    time_point start;
    std::atomic<std::int64_t> left;
    std::atomic<bool> measuring{false};
    std::atomic<bool> stopping{false};
    std::atomic<std::uint64_t> open_streams{0};  // that have seen an event
};

}  // namespace spillway::bench::load
