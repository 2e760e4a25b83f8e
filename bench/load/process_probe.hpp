// What the kernel knows of the process under test: processor time of all its threads, and its share of
// memory. Reads /proc; several processes (a master and its worker) count as one.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace spillway::bench::load {

class process_probe {
public:
    explicit process_probe(std::vector<pid_t> processes) : processes_(std::move(processes)) {}

    bool is_on() const { return !processes_.empty(); }

    // Time on a processor since the start, from schedstat: nanosecond resolution, unlike the ticks of stat.
    std::chrono::nanoseconds run_time() const;

    // Proportional set size in octets: shared pages count in parts.
    std::uint64_t memory() const;

private:
    std::vector<pid_t> processes_;
};

}  // namespace spillway::bench::load
