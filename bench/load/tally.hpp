// What the clients of one thread measured. Written by that thread only, merged when it has ended.
#pragma once

#include "bench/load/histogram.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace spillway::bench::load {

struct tally {
    histogram latency;           // schedule or send to the last octet
    histogram first;             // to the first octet, of a stream to its first event
    histogram relay;             // of each event: from the simulator's send to our read
    std::uint64_t requests = 0;  // complete and right
    std::uint64_t events = 0;
    std::uint64_t errors = 0;
    std::map<std::string, std::uint64_t> reasons;

    void merge(const tally& other) {
        latency.merge(other.latency);
        first.merge(other.first);
        relay.merge(other.relay);
        requests += other.requests;
        events += other.events;
        errors += other.errors;
        for (const auto& [reason, count] : other.reasons)
            reasons[reason] += count;
    }
};

}  // namespace spillway::bench::load
