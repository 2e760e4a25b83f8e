// Notices that the client went away while the simulator waits between two events: one pending readiness
// wait a connection, armed at the first pause, which cancels the pause when it fires. One thread.
#pragma once

#include "bench/sim/transport.hpp"

#include <memory>

namespace spillway::bench::sim {

class abort_watch {
public:
    abort_watch(transport& watched, timer& pause);
    ~abort_watch();

    abort_watch(const abort_watch&) = delete;
    abort_watch& operator=(const abort_watch&) = delete;

    // Cheap when already armed.
    void arm();

    // Something arrived that was no farewell (a pipelined request, a TLS record): the wait would fire at
    // once for ever, so the pause has to look by itself from time to time.
    bool is_deaf() const;

private:
    // Outlives the watch inside the pending operation, which then finds no watch.
    struct state {
        abort_watch* owner = nullptr;
        bool armed = false;
        bool deaf = false;
    };

    transport& transport_;
    timer& pause_;
    std::shared_ptr<state> state_;
};

}  // namespace spillway::bench::sim
