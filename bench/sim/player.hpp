// Plays scripts on a connection: sends, pauses, and ends as the script says, and notices when the client
// goes away meanwhile. Owned by its connection; one thread.
#pragma once

#include "bench/sim/abort_watch.hpp"
#include "bench/sim/script.hpp"
#include "bench/sim/transport.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace spillway::bench::sim {

// Now, as events carry it.
std::uint64_t stamp_now();

enum class next_step { another_request, done };

// What really went out.
struct progress {
    std::size_t bytes = 0;
    std::size_t events = 0;
    bool aborted = false;
};

class player {
public:
    // `events` counts over all connections.
    player(transport& stream, std::atomic<std::uint64_t>& events)
        : transport_(stream)
        , events_(events)
        , timer_(stream.raw().get_executor())
        , watch_(stream, timer_) {}

    task<next_step> play(script made, progress& sent);

    // False: the client is gone.
    task<bool> send(std::string_view bytes);
    task<bool> pause_until(time_point due);

    // Reads and drops until the client closes or the time is over.
    task<void> drain(duration limit);

private:
    task<next_step> end_with(ending end, progress& sent);

    transport& transport_;
    std::atomic<std::uint64_t>& events_;
    timer timer_;
    abort_watch watch_;
};

}  // namespace spillway::bench::sim
