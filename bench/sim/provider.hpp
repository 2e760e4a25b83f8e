// The simulated provider without a network: head and body in, reply out. Knows which dialects there are, who
// may use them, and what strict mode asks for. One a process, immutable, used by all threads.
#pragma once

#include "bench/sim/bench_page.hpp"
#include "bench/sim/dialects/dialect.hpp"
#include "bench/sim/dialects/key_ring.hpp"
#include "bench/sim/http_request.hpp"
#include "bench/sim/options.hpp"
#include "bench/sim/reply.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

struct answered {
    std::string model;    // empty when the request named none
    std::string account;  // what the request showed to be let in
    reply answer;         // with its voice
};

class provider {
public:
    explicit provider(const options& chosen);

    // `id` is hex and names the answer.
    answered respond(
        const http_head& head, std::string_view body, const std::string& id, std::int64_t created
    ) const;

    // Whose words a request to that path is answered in.
    const dialect& voice_for(const http_head& head) const;

    bool is_known_key(std::string_view key) const { return keys_.accepts(key); }
    bool is_client_model(std::string_view model) const;

private:
    route find_route(const http_head& head, std::string_view path) const;
    std::optional<api_error> check_model(std::string_view model) const;
    reply look_up(const route& where, const question& asked) const;
    reply respond_post(const route& where, const question& asked, std::string& model) const;
    answer_frame frame_for(const question& asked, std::string_view model) const;

    const options& options_;
    key_ring keys_;
    std::vector<std::unique_ptr<dialect>> dialects_;  // the last one takes every path
};

// The value of the top-level text field "model" found by scanning; empty when there is none. Good for
// request texts that a JSON library wrote; a quote inside a text is always escaped, so it cannot mislead.
std::string_view scan_model(std::string_view body);

// `"name" : true` anywhere in the text.
bool scan_true(std::string_view body, std::string_view quoted_name);

}  // namespace spillway::bench::sim
