// The simulator's flags as one value. Filled once in main, immutable afterwards.
#pragma once

#include "bench/sim/pace.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace spillway::bench::sim {

enum class tls_fault { none, hang, plain, alert };

// An AWS access key; `token` when it is a temporary one.
struct aws_key {
    std::string id;
    std::string secret;
    std::string token;
};

struct options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    unsigned threads = 1;
    std::string tls_certificate;
    std::string tls_key;
    tls_fault broken_tls = tls_fault::none;
    std::vector<std::string> keys;
    std::vector<aws_key> aws_keys;
    std::vector<std::string> service_accounts;  // key files
    std::chrono::seconds token_life{3600};      // of Google access tokens
    std::vector<std::string> dialects;          // empty: all
    bool strict = false;
    std::vector<std::string> client_models;  // names that must never arrive
    std::vector<std::string> models;         // empty: every name is served
    pace speed;
    std::size_t least_bytes = 0;  // of echo answers
    double requests_per_minute = 0;
    double tokens_per_minute = 0;
    std::uint32_t seed = 1;
    std::string log;
    std::string body_directory;
    std::string fault;

    bool uses_tls() const { return !tls_certificate.empty(); }
};

// Throws std::runtime_error with one complaint a line. `done` is set when only help was asked for; the
// text has been printed then.
struct parsed_options {
    options values;
    bool done = false;
};

parsed_options parse_options(int argc, const char* const* argv);

}  // namespace spillway::bench::sim
