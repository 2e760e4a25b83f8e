// The load generator's flags as one value: what to send, where to, how long, and whom to watch meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace spillway::bench::load {

enum class kind { whole, stream, hold };

struct options {
    std::string scenario;
    kind what = kind::whole;
    std::string address;
    std::uint16_t port = 0;
    std::string path = "/v1/chat/completions";
    std::string model;
    std::string key;
    std::size_t connections = 64;
    std::size_t body_bytes = 600;
    unsigned threads = 1;
    std::optional<unsigned> cpu;
    std::chrono::nanoseconds warm_up{};
    std::chrono::nanoseconds length{};
    std::chrono::nanoseconds stagger{};  // between the starts of two connections
    double rate = 0;                     // requests a second; 0: closed loop
    std::uint64_t requests = 0;          // exactly so many, without warm-up; 0: by time
    std::vector<pid_t> processes;
    std::string json;
    std::string label;
};

struct parsed_options {
    options values;
    bool done = false;  // help was printed
};

// Throws std::runtime_error with one complaint a line.
parsed_options parse_options(int argc, const char* const* argv);

}  // namespace spillway::bench::load
