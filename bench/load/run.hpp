// Conducts one run: starts the clients on their threads, opens and closes the measuring window, and reads
// the cost of the process under test at both ends of it.
#pragma once

#include "bench/load/options.hpp"
#include "bench/load/tally.hpp"

#include <chrono>
#include <cstdint>

namespace spillway::bench::load {

struct figures {
    tally counts;
    std::chrono::nanoseconds window{};
    std::chrono::nanoseconds processor_time{};  // of the process under test in the window
    std::uint64_t idle_memory = 0;
    std::uint64_t held_memory = 0;
    std::uint64_t open_streams = 0;
};

// Throws when the target's port is not exclusively that of the processes under test.
figures run(const options& chosen);

}  // namespace spillway::bench::load
