#include "proxy/wire/field.hpp"

#include <array>
#include <cstring>

namespace spillway::wire {
namespace {

struct known_field {
    field id;
    std::string_view name;
    std::uint8_t traits;
};

constexpr std::uint8_t hop = static_cast<std::uint8_t>(trait::hop_by_hop);
constexpr std::uint8_t framing = static_cast<std::uint8_t>(trait::framing);
constexpr std::uint8_t secret = static_cast<std::uint8_t>(trait::secret);
constexpr std::uint8_t drop = static_cast<std::uint8_t>(trait::drop);

// In the order of the enumeration; checked below.
constexpr known_field known[] = {
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

constexpr std::size_t shortest = 2;
constexpr std::size_t longest = 38;

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

// A name is found by its length and three of its octets; the multiplier that maps them without collision is
// searched when this file is compiled, so a lookup is one slot and one comparison.
constexpr std::size_t slot_bits = 10;

constexpr std::uint32_t key_of(std::string_view name) noexcept {
    const auto octet = [name](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(name[at]) | 0x20u);
    };
    const std::size_t size = name.size();
    return static_cast<std::uint32_t>(size) | octet(size / 4) << 8 | octet(size / 2) << 16 |
           octet(size - 2) << 24;
}

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
constexpr slot_table table = make_slots();
static_assert(table.multiplier != 0, "no multiplier separates the names: enlarge slot_bits");

// Lower-case text of a name and, per octet, the bit that case may differ in. Padded so that whole words load.
struct pattern {
    alignas(8) char text[40];
    alignas(8) char fold[40];
    std::uint8_t size;
};
static_assert(sizeof(pattern::text) >= longest);

consteval auto make_patterns() {
    std::array<pattern, field_count> out{};
    for (std::size_t i = 0; i < field_count; ++i) {
        for (std::size_t at = 0; at < known[i].name.size(); ++at) {
            const char c = known[i].name[at];
            out[i].text[at] = c;
            out[i].fold[at] = c >= 'a' && c <= 'z' ? 0x20 : 0;
        }
        out[i].size = static_cast<std::uint8_t>(known[i].name.size());
    }
    return out;
}
constexpr auto patterns = make_patterns();

template <class Word>
bool word_differs(const char* octets, const pattern& want, std::size_t at) noexcept {
    Word have, text, fold;
    std::memcpy(&have, octets + at, sizeof(Word));
    std::memcpy(&text, want.text + at, sizeof(Word));
    std::memcpy(&fold, want.fold + at, sizeof(Word));
    return static_cast<Word>(have | fold) != text;
}

// Whole words, the last one overlapping: no loop over octets and no read outside the name.
template <class Word>
bool matches_by(const char* octets, const pattern& want) noexcept {
    const std::size_t last = want.size - sizeof(Word);
    for (std::size_t at = 0; at < last; at += sizeof(Word)) {
        if (word_differs<Word>(octets, want, at)) return false;
    }
    return !word_differs<Word>(octets, want, last);
}

bool matches(std::string_view name, const pattern& want) noexcept {
    if (name.size() != want.size) return false;
    if (name.size() >= 8) return matches_by<std::uint64_t>(name.data(), want);
    if (name.size() >= 4) return matches_by<std::uint32_t>(name.data(), want);
    return matches_by<std::uint16_t>(name.data(), want);
}

}  // namespace

field lookup(std::string_view name) noexcept {
    if (name.size() < shortest || name.size() > longest) return field::unknown;
    const std::uint8_t found = table.slots[slot_of(key_of(name), table.multiplier)];
    if (!matches(name, patterns[found])) return field::unknown;
    return static_cast<field>(found);
}

std::string_view name_of(field id) noexcept {
    return known[static_cast<std::size_t>(id)].name;
}

bool has_trait(field id, trait what) noexcept {
    return (known[static_cast<std::size_t>(id)].traits & static_cast<std::uint8_t>(what)) != 0;
}

bool may_be_forwarded(field id) noexcept {
    return known[static_cast<std::size_t>(id)].traits == 0;
}

}  // namespace spillway::wire
