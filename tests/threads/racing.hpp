// Starts several threads at one moment and waits for all of them. Nothing sleeps and nothing is timed: a race is
// provoked by repetition, and found by TSan or by a count that does not add up.
#pragma once

#include <barrier>
#include <cstddef>
#include <thread>
#include <vector>

namespace spillway::test {

template <class Body>
void race(std::size_t threads, Body body) {
    std::barrier start{static_cast<std::ptrdiff_t>(threads)};
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < threads; ++i) {
        running.emplace_back([&start, &body, i] {
            start.arrive_and_wait();
            body(i);
        });
    }
}

}  // namespace spillway::test
