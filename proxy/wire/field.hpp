// Header field names we act upon, interned as small integers, with what a gateway must do about each. Every
// other name is `unknown` and is spelled out by whoever needs it. Pure functions over constant tables; any thread.
// Invariant: name_of(lookup(n)) equals n ignoring ASCII case for every n that is not unknown.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spillway::wire {

enum class field : std::uint8_t {
    unknown,
    // Framing and the connection itself.
    host,
    content_length,
    transfer_encoding,
    connection,
    keep_alive,
    proxy_connection,
    te,
    trailer,
    upgrade,
    expect,
    http2_settings,
    // Credentials.
    authorization,
    proxy_authorization,
    proxy_authenticate,
    proxy_authentication_info,
    www_authenticate,
    x_api_key,
    api_key,
    x_goog_api_key,
    x_amz_security_token,
    cookie,
    set_cookie,
    // Content.
    content_type,
    content_encoding,
    accept,
    accept_encoding,
    accept_language,
    cache_control,
    vary,
    etag,
    location,
    // Who is speaking.
    user_agent,
    server,
    date,
    via,
    alt_svc,
    forwarded,
    x_forwarded_for,
    x_forwarded_host,
    x_forwarded_proto,
    x_real_ip,
    strict_transport_security,
    // Correlation.
    x_request_id,
    request_id,
    x_client_request_id,
    x_session_id,
    idempotency_key,
    traceparent,
    tracestate,
    // Pace.
    retry_after,
    retry_after_ms,
    x_should_retry,
    x_ratelimit_limit,
    x_ratelimit_remaining,
    x_ratelimit_reset,
    x_ratelimit_limit_requests,
    x_ratelimit_remaining_requests,
    x_ratelimit_reset_requests,
    x_ratelimit_limit_tokens,
    x_ratelimit_remaining_tokens,
    x_ratelimit_reset_tokens,
    anthropic_ratelimit_requests_limit,
    anthropic_ratelimit_requests_remaining,
    anthropic_ratelimit_requests_reset,
    anthropic_ratelimit_tokens_limit,
    anthropic_ratelimit_tokens_remaining,
    anthropic_ratelimit_tokens_reset,
    // The application and its page.
    http_referer,
    referer,
    x_title,
    x_openrouter_title,
    origin,
    access_control_request_headers,
    access_control_request_method,
    // Dialects.
    openai_organization,
    openai_project,
    openai_beta,
    openai_version,
    openai_processing_ms,
    anthropic_version,
    anthropic_beta,
    // Ours.
    x_spillway_timeout_connect,
    x_spillway_timeout_tls,
    x_spillway_timeout_first_byte,
    x_spillway_timeout_idle,
    x_spillway_timeout_total,
};

inline constexpr std::size_t field_count =
    static_cast<std::size_t>(field::x_spillway_timeout_total) + 1;

// Never forwarded: hop_by_hop because RFC 9110 7.6.1 says so, framing because each side has its own, secret
// because it is a credential of one side only, drop for a reason of ours (identity of a hop, cookies).
enum class trait : std::uint8_t {
    none = 0,
    hop_by_hop = 1,
    framing = 2,
    secret = 4,
    drop = 8,
};

// A few fields that are asked for at once: nearly every head has none of them (head::has_any_of).
template <std::size_t Size>
struct field_set {
    template <class... Fields>
    consteval explicit field_set(Fields... all) : members{all...} {
        for (const field id : members)
            bits[static_cast<std::size_t>(id) / 64] |= std::uint64_t{1}
                                                       << (static_cast<std::size_t>(id) % 64);
    }

    std::array<field, Size> members;
    std::array<std::uint64_t, (field_count + 63) / 64> bits{};
};
template <class... Fields>
field_set(Fields...) -> field_set<sizeof...(Fields)>;

// ENSURES: `unknown` for every name that is not in the list, whatever octets it is made of.
field lookup(std::string_view name) noexcept;

// The name in lower case; empty for `unknown`.
std::string_view name_of(field id) noexcept;

bool has_trait(field id, trait what) noexcept;

// True if no trait forbids to pass the field on to the other side.
bool may_be_forwarded(field id) noexcept;

}  // namespace spillway::wire
