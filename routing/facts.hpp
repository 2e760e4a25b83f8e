// What routing needs to know of a request and of how an attempt ended. Plain values filled in by the hall; views
// point into the request, which outlives every plan made from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace spillway::routing {

using time_point = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

// What a provider does with what it reads; ordered from worst to best.
enum class data_use : std::uint8_t { train, retain, zdr };
// The least that is accepted: any, at least `retain` (no training), or zero retention.
enum class data_floor : std::uint8_t { any, no_training, zdr };
enum class fallbacks : std::uint8_t { allowed, forbidden };

// The `provider` object of a request. Names are provider slugs, account slugs or display names, in any case.
struct provider_prefs {
    std::span<const std::string_view> order;
    std::span<const std::string_view> only;
    std::span<const std::string_view> ignore;
    fallbacks beyond = fallbacks::allowed;
};

struct request_facts {
    std::string_view model;  // as asked; empty: first of `models`, else the default model
    std::span<const std::string_view> models;  // fallback chain behind `model`
    provider_prefs provider;
    data_floor data = data_floor::any;
    std::uint32_t prompt_tokens = 0;  // estimate; 0: not known, fits everywhere
    std::uint32_t output_tokens = 0;  // asked limit; 0: none
};

enum class outcome_kind : std::uint8_t {
    answered,            // a good answer head arrived; nothing is known of its end yet
    completed,           // the answer ended well
    resolve_failed,      // no address
    connect_failed,      // refused, unreachable, or not connected in time
    tls_failed,          // handshake or verification
    first_byte_timeout,  // sent, but no head in time
    closed_early,        // reset or close before a whole head
    bad_answer,          // not HTTP, a redirect, an empty or unreadable body
    server_fault,        // 5xx, 408, 409
    rate_limited,        // 429
    overloaded,          // 529
    key_refused,         // 401, 403: our key, not the caller's
    quota_spent,         // 402 or an exhausted quota of our account
    caller_fault,        // 400, 413, 422 … : would fail everywhere
    context_too_long,    // the caller's prompt does not fit this model
    content_refused,     // moderation or refusal by this model
    model_missing,       // the upstream does not know the model
    cut,                 // began well, ended badly
    client_gone,         // nobody is waiting any more
};

enum class connection_age : std::uint8_t { fresh, reused };
enum class relayed : std::uint8_t {
    nothing,
    begun
};  // has an octet of the answer gone to the client?

struct outcome {
    outcome_kind kind;
    std::optional<milliseconds>
        retry_after{};  // as stated by the upstream, not yet bounded; may be negative
    connection_age connection = connection_age::fresh;
    std::uint64_t octets_seen = 0;  // response octets received
    relayed to_client = relayed::nothing;
    std::chrono::microseconds latency{0};  // to the first octet of the answer
};

// A kept-alive connection that the upstream had closed before it saw the request: worth one more try over a fresh
// one, and no evidence about the upstream's health.
constexpr bool was_stale(const outcome& ended) noexcept {
    return ended.kind == outcome_kind::closed_early && ended.connection == connection_age::reused &&
           ended.octets_seen == 0;
}

std::string_view name_of(outcome_kind kind) noexcept;

}  // namespace spillway::routing
