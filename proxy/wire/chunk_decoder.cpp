#include "proxy/wire/chunk_decoder.hpp"

#include "proxy/wire/octets.hpp"

#include <algorithm>

namespace spillway::wire {
namespace {

constexpr std::uint64_t max_size = INT64_MAX;
constexpr std::uint8_t usual_digits = 16;

constexpr unsigned value_of_hex(char c) noexcept {
    return octets::is(c, octets::digit) ? static_cast<unsigned>(c - '0')
                                        : static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

}  // namespace

std::string_view chunk_decoder::take_plain_chunk(std::string_view& input) noexcept {
    constexpr std::size_t most_digits = 6;
    if (state_ != state::size_first || input.empty() || input.front() == '0') return {};
    std::uint64_t size = 0;
    std::size_t at = 0;
    for (; at < input.size() && at < most_digits && octets::is(input[at], octets::hex); ++at) {
        const char c = input[at];
        size = size * 16 + static_cast<std::uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (at == 0 || input.size() - at < size + 4 || size > body_limit_ - body_octets_) return {};
    const char* const rest = input.data() + at;
    const bool is_plain =
        rest[0] == '\r' && rest[1] == '\n' && rest[size + 2] == '\r' && rest[size + 3] == '\n';
    if (!is_plain) return {};
    body_octets_ += size;
    input.remove_prefix(at + size + 4);
    return {rest + 2, static_cast<std::size_t>(size)};
}

chunk_step chunk_decoder::decode(std::string_view& input) noexcept {
    if (state_ == state::data) return take_data(input);
    while (!input.empty() && state_ < state::finished) {
        take(input.front());
        input.remove_prefix(1);
        if (state_ == state::data) return take_data(input);
    }
    if (state_ == state::finished) return {chunk_event::done};
    if (state_ == state::failed) return {chunk_event::refused, status_, reason_};
    return {};
}

chunk_step chunk_decoder::take_data(std::string_view& input) noexcept {
    if (input.empty()) return {};
    const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    const std::string_view span = input.substr(0, size);
    input.remove_prefix(size);
    body_octets_ += size;
    left_ -= size;
    if (left_ == 0) state_ = state::data_cr;
    return {chunk_event::data, 0, span};
}

void chunk_decoder::take(char c) noexcept {
    switch (state_) {
    case state::size_first:
    case state::size: return take_size(c);
    case state::extension_first:
    case state::extension_name:
    case state::value_first:
    case state::value_token:
    case state::value_quoted:
    case state::value_escape:
    case state::value_end: return take_extension(c);
    case state::size_lf:
        if (c != '\n') return refuse(400, "chunk size not ended by CR LF");
        state_ = left_ == 0 ? state::trailer_first : state::data;
        digits_ = 0;
        return;
    case state::data_cr: return expect(c, '\r', state::data_lf, "chunk data not ended by CR LF");
    case state::data_lf: return expect(c, '\n', state::size_first, "chunk data not ended by CR LF");
    case state::trailer_first:
    case state::trailer_name:
    case state::trailer_value:
    case state::trailer_lf: return take_trailer(c);
    case state::last_lf: return expect(c, '\n', state::finished, "trailers not ended by CR LF");
    case state::data:
    case state::finished:
    case state::failed: return;
    }
}

// 1*HEXDIG and nothing around it. Leading zeros are legal; beyond a word's width they are paid for as extras.
void chunk_decoder::take_size(char c) noexcept {
    if (octets::is(c, octets::hex)) {
        if (left_ > (max_size >> 4)) return refuse(400, "chunk size out of range");
        left_ = left_ << 4 | value_of_hex(c);
        state_ = state::size;
        if (digits_ < usual_digits) {
            ++digits_;
        } else {
            count_extra(400);
        }
        return;
    }
    if (state_ == state::size_first) return refuse(400, "chunk size is not a number");
    if (c != '\r' && c != ';') return refuse(400, "malformed chunk size");
    if (left_ > body_limit_ - body_octets_) return refuse(413, "body is larger than allowed");
    state_ = c == ';' ? state::extension_first : state::size_lf;
    if (c == ';') count_extra(413);
}

// *( ";" token [ "=" ( token / quoted-string ) ] ), without the white space RFC 9112 7.1.1 calls bad.
void chunk_decoder::take_extension(char c) noexcept {
    const auto end_or = [this, c](std::string_view otherwise) {
        if (c == '\r') {
            state_ = state::size_lf;
        } else if (c == ';') {
            state_ = state::extension_first;
        } else {
            refuse(400, otherwise);
        }
    };
    switch (state_) {
    case state::extension_first:
        if (!octets::is(c, octets::token)) return refuse(400, "malformed chunk extension");
        state_ = state::extension_name;
        break;
    case state::extension_name:
        if (octets::is(c, octets::token)) break;
        if (c == '=') {
            state_ = state::value_first;
        } else {
            end_or("malformed chunk extension");
        }
        break;
    case state::value_first:
        if (c != '"' && !octets::is(c, octets::token)) {
            return refuse(400, "malformed chunk extension value");
        }
        state_ = c == '"' ? state::value_quoted : state::value_token;
        break;
    case state::value_token:
        if (!octets::is(c, octets::token)) end_or("malformed chunk extension value");
        break;
    case state::value_quoted:
        if (c == '"') {
            state_ = state::value_end;
        } else if (c == '\\') {
            state_ = state::value_escape;
        } else if (!octets::is(c, octets::quoted)) {
            return refuse(400, "malformed chunk extension value");
        }
        break;
    case state::value_escape:
        if (octets::is(c, octets::control)) return refuse(400, "malformed chunk extension value");
        state_ = state::value_quoted;
        break;
    default: end_or("malformed chunk extension value"); break;
    }
    if (state_ != state::failed) count_extra(413);
}

// RFC 9112 7.1.2, each field held to the rules of a head, then dropped.
void chunk_decoder::take_trailer(char c) noexcept {
    switch (state_) {
    case state::trailer_first:
        if (c == '\r') {
            state_ = state::last_lf;
            return;
        }
        if (!octets::is(c, octets::token)) return refuse(400, "malformed trailer");
        state_ = state::trailer_name;
        break;
    case state::trailer_name:
        if (c == ':') {
            state_ = state::trailer_value;
        } else if (!octets::is(c, octets::token)) {
            return refuse(400, "malformed trailer");
        }
        break;
    case state::trailer_value:
        if (c == '\r') {
            state_ = state::trailer_lf;
        } else if (octets::is(c, octets::control)) {
            return refuse(400, "control character in a trailer");
        }
        break;
    default: expect(c, '\n', state::trailer_first, "trailer not ended by CR LF"); break;
    }
    if (state_ != state::failed) count_extra(431);
}

void chunk_decoder::expect(char c, char wanted, state next, std::string_view otherwise) noexcept {
    if (c != wanted) return refuse(400, otherwise);
    state_ = next;
}

void chunk_decoder::count_extra(std::uint16_t status) noexcept {
    if (++extra_octets_ > max_extra_octets) {
        refuse(status, "chunk extensions and trailers too large");
    }
}

void chunk_decoder::refuse(std::uint16_t status, std::string_view reason) noexcept {
    state_ = state::failed;
    status_ = status;
    reason_ = reason;
}

}  // namespace spillway::wire
