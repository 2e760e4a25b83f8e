#include "proxy/wire/framing.hpp"

#include "proxy/base/bytes.hpp"
#include "proxy/wire/octets.hpp"

#include <charconv>

namespace spillway::wire {
namespace {

struct codes {
    std::uint16_t malformed;
    std::uint16_t unknown_coding;
};

constexpr body_framing refuse(std::uint16_t status, std::string_view reason) noexcept {
    return {body_kind::refused, status, 0, reason};
}

// The part both directions share; kind none means that neither field is there.
body_framing from_fields(const head& head, const codes& say) noexcept {
    const bool sized = head.has(field::content_length);
    if (head.has(field::transfer_encoding)) {
        // RFC 9112 6.1: both present is an attack or a bug. Which one counts depends on who reads.
        if (sized) return refuse(say.malformed, "both Content-Length and Transfer-Encoding");
        if (head.version_minor() == 0) {
            return refuse(say.malformed, "Transfer-Encoding in HTTP/1.0");
        }
        if (head.is_repeated(field::transfer_encoding) ||
            !base::equals_ignoring_case(head.value(field::transfer_encoding), "chunked")) {
            return refuse(say.unknown_coding, "transfer coding is not chunked alone");
        }
        return {body_kind::chunked};
    }
    if (!sized) return {};
    if (head.is_repeated(field::content_length)) {
        return refuse(say.malformed, "more than one Content-Length");
    }
    const std::string_view text = head.value(field::content_length);
    // Eighteen digits cannot overflow; who sends more gets the full treatment.
    std::uint64_t length = 0;
    const bool is_short = text.size() <= 18;
    if (is_short && octets::read_decimal(text, length)) [[likely]]
        return {body_kind::length, 0, length};
    if (!octets::are_all(text, octets::digit)) {
        return refuse(say.malformed, "Content-Length is not a number");
    }
    std::int64_t checked = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), checked);
    if (error != std::errc{}) return refuse(say.malformed, "Content-Length is out of range");
    return {body_kind::length, 0, static_cast<std::uint64_t>(checked)};
}

}  // namespace

body_framing request_framing(const request_head& head, std::uint64_t body_limit) noexcept {
    const body_framing found = from_fields(head, {400, 501});
    if (found.kind == body_kind::length && found.length > body_limit) {
        return refuse(413, "body is larger than allowed");
    }
    return found;
}

body_framing response_framing(const response_head& head, method asked) noexcept {
    const body_framing found = from_fields(head, {502, 502});
    if (found.kind == body_kind::refused) return found;
    // RFC 9112 6.3, rules 1 and 2.
    const unsigned status = head.status();
    if (asked == method::head || status < 200 || status == 204 || status == 304) return {};
    return found.kind == body_kind::none ? body_framing{body_kind::until_close} : found;
}

}  // namespace spillway::wire
