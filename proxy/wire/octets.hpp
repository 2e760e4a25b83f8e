// Octet classes of RFC 9110 and the scans built on them, shared by the parsers of this folder. Pure; any thread.
// The inline functions are the inner loops of the head parser: 16 octets a step where SSE2 exists, 8 elsewhere.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

namespace spillway::wire::octets {

enum : std::uint8_t {
    token = 1,   // tchar, RFC 9110 5.6.2
    target = 2,  // VCHAR but '#': what a request target may hold before closer looks
    host = 4,  // letters, digits and -._~ ; percent-encoding and sub-delims are refused on purpose
    digit = 8,
    hex = 16,
    quoted = 32,   // qdtext, RFC 9110 5.6.4
    control = 64,  // 0x00-0x1f but HTAB, and 0x7f
};

consteval std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> out{};
    const std::string_view marks = "!#$%&'*+-.^_`|~";
    for (unsigned c = 0; c < 256; ++c) {
        const bool is_digit = c >= '0' && c <= '9';
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_hex = is_digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        const bool is_mark = marks.find(static_cast<char>(c)) != std::string_view::npos;
        unsigned bits = 0;
        if (is_digit || is_letter || is_mark) bits |= token;
        if (c > 0x20 && c < 0x7f && c != '#') bits |= target;
        if (is_digit || is_letter || c == '-' || c == '.' || c == '_' || c == '~') bits |= host;
        if (is_digit) bits |= digit;
        if (is_hex) bits |= hex;
        if (c == '\t' || (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)) bits |= quoted;
        if ((c < 0x20 && c != '\t') || c == 0x7f) bits |= control;
        out[c] = static_cast<std::uint8_t>(bits);
    }
    return out;
}
inline constexpr std::array<std::uint8_t, 256> classes = make_classes();

constexpr bool is(char c, std::uint8_t what) noexcept {
    return (classes[static_cast<unsigned char>(c)] & what) != 0;
}

// ENSURES: false for an empty text.
constexpr bool are_all(std::string_view text, std::uint8_t what) noexcept {
    for (char c : text) {
        if (!is(c, what)) return false;
    }
    return !text.empty();
}

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

#if defined(__SSE2__)

inline constexpr std::ptrdiff_t block = 16;

// Bit i set: octet i of the block is a control character other than HTAB.
inline unsigned control_bits(const char* at) noexcept {
    const __m128i have = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(have, _mm_set1_epi8(0x1f)), have);
    const __m128i tab = _mm_cmpeq_epi8(have, _mm_set1_epi8('\t'));
    const __m128i del = _mm_cmpeq_epi8(have, _mm_set1_epi8(0x7f));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_andnot_si128(tab, low), del)));
}

inline unsigned equal_bits(const char* at, char wanted) noexcept {
    const __m128i have = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(have, _mm_set1_epi8(wanted))));
}

// Bit i set: octet i may not stand in a request target.
inline unsigned outside_target_bits(const char* at) noexcept {
    const __m128i have = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // Shifted by 0x21, the octets 0x21..0x7e are the numbers 0..0x5d.
    const __m128i shifted = _mm_sub_epi8(have, _mm_set1_epi8(0x21));
    const __m128i inside = _mm_cmpeq_epi8(_mm_min_epu8(shifted, _mm_set1_epi8(0x5d)), shifted);
    const __m128i hash = _mm_cmpeq_epi8(have, _mm_set1_epi8('#'));
    const __m128i fits = _mm_andnot_si128(hash, inside);
    return static_cast<unsigned>(_mm_movemask_epi8(fits)) ^ 0xffffu;
}

#else

inline constexpr std::ptrdiff_t block = 8;

inline unsigned class_bits(const char* at, std::uint8_t what, std::uint8_t flip) noexcept {
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        const bool has = is(at[i], what);
        bits |= static_cast<unsigned>(has != (flip != 0)) << i;
    }
    return bits;
}

inline unsigned control_bits(const char* at) noexcept {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t highs = 0x8080808080808080u;
    const std::uint64_t del = word ^ (ones * 0x7f);
    const std::uint64_t maybe = ((word - ones * 0x20) | (del - ones)) & ~word & highs;
    return maybe == 0 ? 0 : class_bits(at, control, 0);
}

inline unsigned equal_bits(const char* at, char wanted) noexcept {
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        bits |= static_cast<unsigned>(at[i] == wanted) << i;
    }
    return bits;
}

inline unsigned outside_target_bits(const char* at) noexcept {
    return class_bits(at, target, 1);
}

#endif

// First octet in [at, end) whose bit is set by `bits`, or end. [floor, end) must be readable: the last block is
// read backwards from the end, so that no octet is looked at one by one unless the whole text is tiny.
template <class Bits, class Single>
const char*
find_block(const char* at, const char* end, const char* floor, Bits bits, Single single) noexcept {
    for (; end - at >= block; at += block) {
        const unsigned found = bits(at);
        if (found != 0) return at + std::countr_zero(found);
    }
    if (at == end) return end;
    if (end - floor >= block) {
        const char* back = end - block;
        const unsigned found = bits(back) >> static_cast<unsigned>(at - back);
        return found != 0 ? at + std::countr_zero(found) : end;
    }
    while (at != end && !single(*at)) {
        ++at;
    }
    return at;
}

inline const char* find_control(const char* at, const char* end, const char* floor) noexcept {
    return find_block(at, end, floor, control_bits, [](char c) { return is(c, control); });
}

inline const char*
find_outside_target(const char* at, const char* end, const char* floor) noexcept {
    return find_block(at, end, floor, outside_target_bits, [](char c) { return !is(c, target); });
}

inline const char*
find_octet(const char* at, const char* end, const char* floor, char wanted) noexcept {
    return find_block(
        at,
        end,
        floor,
        [wanted](const char* p) { return equal_bits(p, wanted); },
        [wanted](char c) { return c == wanted; }
    );
}

}  // namespace spillway::wire::octets
