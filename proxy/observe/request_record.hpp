// What there is to say about one request when it is over. Made then, read once by the counters and the access log.
// Views point into the pinned deployment, into the request or at static text, all of which outlive it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::observe {

using generation_id = std::array<char, 35>;  // "gen-" unix seconds "-" twenty letters and digits

struct request_record {
    generation_id id{};
    std::string_view asked_model;  // as the client spelled it
    std::string_view model;        // the slug that served
    std::string_view provider;     // the account that served
    std::string_view key;          // the client key's name
    std::string_view operation;    // "chat"
    std::string_view face;         // "openai"
    std::string_view fault;        // why it failed; empty when it did not
    std::uint16_t status = 0;      // what the client was told
    std::uint16_t attempts = 0;
    bool streamed = false;
    bool usage_estimated = false;
    std::uint64_t prompt_tokens = 0;
    std::uint64_t completion_tokens = 0;
    std::uint64_t cached_tokens = 0;
    std::uint64_t reasoning_tokens = 0;
    std::optional<std::int64_t> cost_nanos;  // nothing: the price is not known
    std::uint64_t octets_sent = 0;           // of bodies, to the client
    std::chrono::microseconds first_octet{0};
    std::chrono::microseconds duration{0};

    std::string_view id_text() const noexcept { return {id.data(), id.size()}; }
};

}  // namespace spillway::observe
