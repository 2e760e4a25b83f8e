// How an answer goes over the wire: octets with pauses between them, and what happens to the connection at
// the end. Faults are acted out by writing a different script; the player (connection.hpp) knows none of
// them. Pure values.
#pragma once

#include "bench/sim/fault.hpp"
#include "bench/sim/reply.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace spillway::bench::sim {

struct step {
    std::string bytes;
    std::chrono::nanoseconds pause{0};  // before the octets
    bool is_event = false;              // counted as an event of the stream
    bool is_sealed = false;             // an event whose octets a checksum covers
};

enum class ending { keep_alive, close, reset, hang };

struct script {
    std::vector<step> steps;
    ending end = ending::keep_alive;
    int status = 0;  // as sent; 0 when no head goes out
};

struct delivery {
    std::chrono::nanoseconds first{0};  // before the head
    std::chrono::nanoseconds gap{0};    // between events
    std::string fields;                 // complete field lines that every answer carries
    std::string id;                     // of the request, in hex
    bool keep_alive = true;
};

// `wrong` may be null: then the answer goes out as it should. REQUIRES: else `answer.voice` is set.
script write_script(const reply& answer, const delivery& how, const fault* wrong);

std::string_view reason_of(int status);

}  // namespace spillway::bench::sim
