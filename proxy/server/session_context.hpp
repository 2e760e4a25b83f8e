// What a worker lends to its sessions. Touched on the worker's thread; `life` and `memory` are the process's.
#pragma once

#include "proxy/base/memory_gate.hpp"
#include "proxy/flow/deployment.hpp"
#include "proxy/flow/surroundings.hpp"

#include <atomic>
#include <cstdint>

namespace spillway::server {

enum class phase : std::uint8_t {
    serving,
    draining,  // nothing new is waited for; what runs may end
};

struct session_context {
    flow::surroundings& hall;
    flow::deployment_reader& plans;
    wire::request_head& head;
    base::memory_gate& memory;
    const std::atomic<phase>& life;
};

struct session_limits {
    std::chrono::seconds head{10};        // from a head's first octet to its last
    std::chrono::seconds keep_alive{75};  // between requests
    std::chrono::seconds handshake{10};   // of TLS
    std::uint32_t requests = 1000;        // on one connection
};

}  // namespace spillway::server
