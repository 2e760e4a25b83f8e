// The simulated provider without a network: path, key and body in, reply out. Knows which endpoints exist,
// who may use them, and what strict mode asks for. One a process, immutable, used by all threads.
#pragma once

#include "bench/sim/bench_page.hpp"
#include "bench/sim/http_request.hpp"
#include "bench/sim/options.hpp"
#include "bench/sim/reply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

struct question {
    std::string_view method;
    std::string_view path;
    std::string_view key;
    std::string_view body;
    std::string id;  // hex, names the answer
    std::int64_t created = 0;
};

struct answered {
    std::string model;  // empty when the request named none
    reply answer;
};

class provider {
public:
    explicit provider(const options& chosen) : options_(chosen) {}

    answered respond(const question& asked) const;

    bool is_known_key(std::string_view key) const;
    bool is_client_model(std::string_view model) const;

private:
    std::optional<api_error> check_key(const question& asked) const;
    std::optional<api_error> check_model(std::string_view model) const;
    answered respond_post(const question& asked) const;
    reply list_models(std::string_view path) const;

    const options& options_;
};

// The value of the top-level text field "model" found by scanning; empty when there is none. Good for
// request texts that a JSON library wrote; a quote inside a text is always escaped, so it cannot mislead.
std::string_view scan_model(std::string_view body);

// `"name" : true` anywhere in the text.
bool scan_true(std::string_view body, std::string_view quoted_name);

}  // namespace spillway::bench::sim
