// The table of interned field names and the search in it, inline for the head parser; everybody else includes
// field.hpp. Constant; any thread.
#pragma once

#include "proxy/wire/field.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

namespace spillway::wire::names {

struct known_field {
    field id;
    std::string_view name;
    std::uint8_t traits;
};

inline constexpr std::uint8_t hop = static_cast<std::uint8_t>(trait::hop_by_hop);
inline constexpr std::uint8_t framing = static_cast<std::uint8_t>(trait::framing);
inline constexpr std::uint8_t secret = static_cast<std::uint8_t>(trait::secret);
inline constexpr std::uint8_t drop = static_cast<std::uint8_t>(trait::drop);

// In the order of the enumeration; checked below.
inline constexpr known_field known[] = {
    {field::unknown, "", 0},
    {field::host, "host", framing},
    {field::content_length, "content-length", framing},
    {field::transfer_encoding, "transfer-encoding", framing | hop},
    {field::connection, "connection", hop},
    {field::keep_alive, "keep-alive", hop},
    {field::proxy_connection, "proxy-connection", hop},
    {field::te, "te", hop},
    {field::trailer, "trailer", hop},
    {field::upgrade, "upgrade", hop},
    {field::expect, "expect", drop},
    {field::http2_settings, "http2-settings", hop},
    {field::authorization, "authorization", secret},
    {field::proxy_authorization, "proxy-authorization", secret | hop},
    {field::proxy_authenticate, "proxy-authenticate", hop},
    {field::proxy_authentication_info, "proxy-authentication-info", hop},
    {field::www_authenticate, "www-authenticate", drop},
    {field::x_api_key, "x-api-key", secret},
    {field::api_key, "api-key", secret},
    {field::x_goog_api_key, "x-goog-api-key", secret},
    {field::x_amz_security_token, "x-amz-security-token", secret},
    {field::cookie, "cookie", secret | drop},
    {field::set_cookie, "set-cookie", secret | drop},
    {field::content_type, "content-type", 0},
    {field::content_encoding, "content-encoding", 0},
    {field::accept, "accept", 0},
    {field::accept_encoding, "accept-encoding", drop},
    {field::accept_language, "accept-language", 0},
    {field::cache_control, "cache-control", 0},
    {field::vary, "vary", 0},
    {field::etag, "etag", 0},
    {field::location, "location", drop},
    {field::user_agent, "user-agent", 0},
    {field::server, "server", drop},
    {field::date, "date", drop},
    {field::via, "via", drop},
    {field::alt_svc, "alt-svc", drop},
    {field::forwarded, "forwarded", drop},
    {field::x_forwarded_for, "x-forwarded-for", drop},
    {field::x_forwarded_host, "x-forwarded-host", drop},
    {field::x_forwarded_proto, "x-forwarded-proto", drop},
    {field::x_real_ip, "x-real-ip", drop},
    {field::strict_transport_security, "strict-transport-security", drop},
    {field::x_request_id, "x-request-id", 0},
    {field::request_id, "request-id", 0},
    {field::x_client_request_id, "x-client-request-id", 0},
    {field::x_session_id, "x-session-id", 0},
    {field::idempotency_key, "idempotency-key", 0},
    {field::traceparent, "traceparent", 0},
    {field::tracestate, "tracestate", 0},
    {field::retry_after, "retry-after", 0},
    {field::retry_after_ms, "retry-after-ms", 0},
    {field::x_should_retry, "x-should-retry", 0},
    {field::x_ratelimit_limit, "x-ratelimit-limit", 0},
    {field::x_ratelimit_remaining, "x-ratelimit-remaining", 0},
    {field::x_ratelimit_reset, "x-ratelimit-reset", 0},
    {field::x_ratelimit_limit_requests, "x-ratelimit-limit-requests", 0},
    {field::x_ratelimit_remaining_requests, "x-ratelimit-remaining-requests", 0},
    {field::x_ratelimit_reset_requests, "x-ratelimit-reset-requests", 0},
    {field::x_ratelimit_limit_tokens, "x-ratelimit-limit-tokens", 0},
    {field::x_ratelimit_remaining_tokens, "x-ratelimit-remaining-tokens", 0},
    {field::x_ratelimit_reset_tokens, "x-ratelimit-reset-tokens", 0},
    {field::anthropic_ratelimit_requests_limit, "anthropic-ratelimit-requests-limit", 0},
    {field::anthropic_ratelimit_requests_remaining, "anthropic-ratelimit-requests-remaining", 0},
    {field::anthropic_ratelimit_requests_reset, "anthropic-ratelimit-requests-reset", 0},
    {field::anthropic_ratelimit_tokens_limit, "anthropic-ratelimit-tokens-limit", 0},
    {field::anthropic_ratelimit_tokens_remaining, "anthropic-ratelimit-tokens-remaining", 0},
    {field::anthropic_ratelimit_tokens_reset, "anthropic-ratelimit-tokens-reset", 0},
    {field::http_referer, "http-referer", 0},
    {field::referer, "referer", 0},
    {field::x_title, "x-title", 0},
    {field::x_openrouter_title, "x-openrouter-title", 0},
    {field::origin, "origin", drop},
    {field::access_control_request_headers, "access-control-request-headers", drop},
    {field::access_control_request_method, "access-control-request-method", drop},
    {field::openai_organization, "openai-organization", 0},
    {field::openai_project, "openai-project", 0},
    {field::openai_beta, "openai-beta", 0},
    {field::openai_version, "openai-version", 0},
    {field::openai_processing_ms, "openai-processing-ms", 0},
    {field::anthropic_version, "anthropic-version", 0},
    {field::anthropic_beta, "anthropic-beta", 0},
    {field::x_spillway_timeout_connect, "x-spillway-timeout-connect", drop},
    {field::x_spillway_timeout_tls, "x-spillway-timeout-tls", drop},
    {field::x_spillway_timeout_first_byte, "x-spillway-timeout-first-byte", drop},
    {field::x_spillway_timeout_idle, "x-spillway-timeout-idle", drop},
    {field::x_spillway_timeout_total, "x-spillway-timeout-total", drop},
};
static_assert(std::size(known) == field_count);

inline constexpr std::size_t shortest = 2;
inline constexpr std::size_t longest = 38;

consteval bool table_is_in_order() {
    for (std::size_t i = 0; i < field_count; ++i) {
        const std::string_view name = known[i].name;
        if (static_cast<std::size_t>(known[i].id) != i) return false;
        if (i != 0 && (name.size() < shortest || name.size() > longest)) return false;
        for (char c : name) {
            const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            if (!fits) return false;
        }
    }
    return true;
}
static_assert(table_is_in_order());

// A name is found by its length, the two octets in its middle and its last two; the multiplier that maps them
// without collision is searched when this file is compiled, so a lookup is one slot and one comparison.
inline constexpr std::size_t slot_bits = 10;

constexpr std::uint32_t pair_at(const char* at) noexcept {
    if
        consteval {
            return static_cast<std::uint32_t>(
                static_cast<unsigned char>(at[0]) | static_cast<unsigned char>(at[1]) << 8
            );
        }
    else {
        std::uint16_t pair = 0;
        std::memcpy(&pair, at, sizeof pair);
        return pair;
    }
}

constexpr std::uint32_t key_of(std::string_view name) noexcept {
    const std::size_t size = name.size();
    const std::uint32_t middle = pair_at(name.data() + size / 2 - 1);
    const std::uint32_t last = pair_at(name.data() + size - 2);
    return ((middle | last << 16) | 0x20202020u) ^ static_cast<std::uint32_t>(size);
}
static_assert(std::endian::native == std::endian::little, "pair_at: octets in their order");

constexpr std::uint32_t slot_of(std::uint32_t key, std::uint32_t multiplier) noexcept {
    return (key * multiplier) >> (32 - slot_bits);
}

struct slot_table {
    std::uint32_t multiplier = 0;
    std::array<std::uint8_t, std::size_t{1} << slot_bits> slots{};
};

consteval slot_table make_slots() {
    std::uint32_t multiplier = 0x9e3779b1u;
    for (int tries = 0; tries < 2000; ++tries, multiplier += 0x3c6ef372u) {
        slot_table out{multiplier, {}};
        bool collided = false;
        for (std::size_t i = 1; i < field_count && !collided; ++i) {
            auto& slot = out.slots[slot_of(key_of(known[i].name), multiplier)];
            collided = slot != 0;
            slot = static_cast<std::uint8_t>(i);
        }
        if (!collided) return out;
    }
    return slot_table{};
}
inline constexpr slot_table table = make_slots();
static_assert(table.multiplier != 0, "no multiplier separates the names: enlarge slot_bits");

// Lower-case text of a name and, per octet, the bit that case may differ in. Padded so that whole blocks load, and to
// a size that one shift multiplies by.
struct alignas(64) pattern {
    char text[48];
    char fold[48];
    std::uint32_t size;
    std::uint32_t first_bits;  // one for each of the first sixteen octets that belongs to the name
};
static_assert(sizeof(pattern::text) >= longest);
static_assert(std::has_single_bit(sizeof(pattern)));

consteval auto make_patterns() {
    std::array<pattern, field_count> out{};
    for (std::size_t i = 0; i < field_count; ++i) {
        const std::size_t size = known[i].name.size();
        for (std::size_t at = 0; at < size; ++at) {
            const char c = known[i].name[at];
            out[i].text[at] = c;
            out[i].fold[at] = c >= 'a' && c <= 'z' ? 0x20 : 0;
        }
        out[i].size = static_cast<std::uint32_t>(size);
        out[i].first_bits = size < 16 ? (1u << size) - 1 : 0xffffu;
    }
    return out;
}
inline constexpr auto patterns = make_patterns();

inline bool matches_octets(std::string_view name, const pattern& want) noexcept {
    for (std::size_t at = 0; at < name.size(); ++at) {
        if ((name[at] | want.fold[at]) != want.text[at]) return false;
    }
    return true;
}

#if defined(__SSE2__)

// One bit for each of sixteen octets that fits.
inline std::uint32_t fitting(const char* octets, const pattern& want, std::size_t at) noexcept {
    const auto load = [](const char* from) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    };
    const __m128i have = _mm_or_si128(load(octets + at), load(want.fold + at));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(have, load(want.text + at)))
    );
}

// Whole blocks, the last one overlapping; nothing at or behind `readable` is read.
inline bool matches(std::string_view name, const pattern& want, const char* readable) noexcept {
    if (name.size() != want.size) return false;
    const char* const octets = name.data();
    if (readable - octets < 16) return matches_octets(name, want);
    if ((~fitting(octets, want, 0) & want.first_bits) != 0) return false;
    if (name.size() <= 16) return true;
    if (name.size() > 32 && fitting(octets, want, 16) != 0xffffu) return false;
    return fitting(octets, want, name.size() - 16) == 0xffffu;
}

#else

inline bool matches(std::string_view name, const pattern& want, const char*) noexcept {
    return name.size() == want.size && matches_octets(name, want);
}

#endif

// What lookup() of field.hpp does. REQUIRES: the name may be read, and whatever lies behind it up to `readable`.
[[gnu::always_inline]] inline field find(std::string_view name, const char* readable) noexcept {
    if (name.size() - shortest > longest - shortest) return field::unknown;
    const std::uint8_t found = table.slots[slot_of(key_of(name), table.multiplier)];
    if (!matches(name, patterns[found], readable)) return field::unknown;
    return static_cast<field>(found);
}

}  // namespace spillway::wire::names
