// Octet classes of RFC 9110 and the scans built on them, shared by the parsers of this folder. Pure; any thread.
// The inline functions are the inner loops of the parsers: vectors where the target has them, tables elsewhere.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__AVX2__)
#    include <immintrin.h>
#elif defined(__SSSE3__)
#    include <tmmintrin.h>
#elif defined(__SSE2__)
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

// Digits and nothing else, at least one. REQUIRES: at most 18 octets, so that the number fits.
constexpr bool read_decimal(std::string_view text, std::uint64_t& into) noexcept {
    std::uint64_t number = 0;
    for (const char c : text) {
        const unsigned value = static_cast<unsigned char>(c) - unsigned{'0'};
        if (value > 9) return false;
        number = number * 10 + value;
    }
    into = number;
    return !text.empty();
}

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

// What the head parser wants to know of 64 octets; bit i speaks of octet i.
struct line_bits {
    std::uint64_t control;
    std::uint64_t colon;
};

#if defined(__SSE2__)

inline line_bits bits_of_quarter(const char* at) noexcept {
    const __m128i have = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(have, _mm_set1_epi8(0x1f)), have);
    const __m128i tab = _mm_cmpeq_epi8(have, _mm_set1_epi8('\t'));
    const __m128i del = _mm_cmpeq_epi8(have, _mm_set1_epi8(0x7f));
    const __m128i colon = _mm_cmpeq_epi8(have, _mm_set1_epi8(':'));
    const __m128i bad = _mm_or_si128(_mm_andnot_si128(tab, low), del);
    const auto bits = [](__m128i of) {
        return static_cast<std::uint16_t>(_mm_movemask_epi8(of));
    };
    return {bits(bad), bits(colon)};
}

#endif

#if defined(__AVX2__)

inline line_bits bits_of_half(const char* at) noexcept {
    const __m256i have = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(have, _mm256_set1_epi8(0x1f)), have);
    const __m256i tab = _mm256_cmpeq_epi8(have, _mm256_set1_epi8('\t'));
    const __m256i del = _mm256_cmpeq_epi8(have, _mm256_set1_epi8(0x7f));
    const __m256i colon = _mm256_cmpeq_epi8(have, _mm256_set1_epi8(':'));
    const __m256i bad = _mm256_or_si256(_mm256_andnot_si256(tab, low), del);
    const auto bits = [](__m256i of) {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(of));
    };
    return {bits(bad), bits(colon)};
}

inline line_bits bits_of_64(const char* at) noexcept {
    const line_bits low = bits_of_half(at);
    const line_bits high = bits_of_half(at + 32);
    return {low.control | high.control << 32, low.colon | high.colon << 32};
}

#elif defined(__SSE2__)

inline line_bits bits_of_64(const char* at) noexcept {
    line_bits out{0, 0};
    for (unsigned i = 0; i < 64; i += 16) {
        const line_bits quarter = bits_of_quarter(at + i);
        out.control |= quarter.control << i;
        out.colon |= quarter.colon << i;
    }
    return out;
}

#else

inline line_bits bits_of_64(const char* at) noexcept {
    line_bits out{0, 0};
    for (unsigned i = 0; i < 64; ++i) {
        out.control |= std::uint64_t{is(at[i], control)} << i;
        out.colon |= std::uint64_t{at[i] == ':'} << i;
    }
    return out;
}

#endif

#if defined(__SSE2__)

inline constexpr std::ptrdiff_t block = 16;

inline unsigned equal_bits(const char* at, char wanted) noexcept {
    const __m128i have = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(have, _mm_set1_epi8(wanted))));
}

#else

inline constexpr std::ptrdiff_t block = 8;

inline unsigned equal_bits(const char* at, char wanted) noexcept {
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        bits |= static_cast<unsigned>(at[i] == wanted) << i;
    }
    return bits;
}

#endif

#if defined(__SSSE3__)

// Per low half of an ASCII octet, one bit for each high half that makes it a member of the class.
template <std::uint8_t Class>
consteval std::array<std::uint8_t, 16> members_by_low_half() {
    std::array<std::uint8_t, 16> out{};
    for (unsigned c = 0; c < 128; ++c) {
        if ((classes[c] & Class) != 0) out[c & 15] |= static_cast<std::uint8_t>(1u << (c >> 4));
    }
    return out;
}

template <std::uint8_t Class>
struct members {
    alignas(16) static constexpr std::array<std::uint8_t, 16> by_low = members_by_low_half<Class>();
    alignas(16
    ) static constexpr std::array<std::uint8_t, 16> by_high = {1, 2, 4, 8, 16, 32, 64, 128};
};

// Bit i set: octet i is outside the class. Only for classes without octets above 0x7f: PSHUFB answers 0 for those.
template <std::uint8_t Class>
unsigned outside_bits(const char* at) noexcept {
    const auto load = [](const void* from) {
        return _mm_loadu_si128(static_cast<const __m128i*>(from));
    };
    const __m128i have = load(at);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(have, 4), _mm_set1_epi8(15));
    const __m128i low_fits = _mm_shuffle_epi8(load(members<Class>::by_low.data()), have);
    const __m128i high_fits = _mm_shuffle_epi8(load(members<Class>::by_high.data()), high);
    const __m128i misfits = _mm_cmpeq_epi8(_mm_and_si128(low_fits, high_fits), _mm_setzero_si128());
    return static_cast<unsigned>(_mm_movemask_epi8(misfits));
}

#else

template <std::uint8_t Class>
unsigned outside_bits(const char* at) noexcept {
    unsigned bits = 0;
    for (unsigned i = 0; i < block; ++i) {
        bits |= static_cast<unsigned>(!is(at[i], Class)) << i;
    }
    return bits;
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

template <std::uint8_t Class>
const char* find_outside(const char* at, const char* end, const char* floor) noexcept {
    return find_block(at, end, floor, outside_bits<Class>, [](char c) { return !is(c, Class); });
}

// May one of these eight octets be below 0x20 or be 0x7f? True also for HTAB: a closer look decides.
inline bool may_hold_control(const char* at) noexcept {
    constexpr std::uint64_t each = 0x0101010101010101;
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t below = (word - each * 0x20) & ~word;
    const std::uint64_t no_delete = word ^ (each * 0x7f);
    const std::uint64_t deleted = (no_delete - each) & ~no_delete;
    return ((below | deleted) & (each * 0x80)) != 0;
}

// First control character other than HTAB, or the end.
inline const char* find_control(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    for (; end - at >= 64; at += 64) {
        const std::uint64_t found = bits_of_64(at).control;
        if (found != 0) return at + std::countr_zero(found);
    }
    for (; end - at >= 8 && !may_hold_control(at); at += 8) {
    }
    while (at != end && !is(*at, control)) {
        ++at;
    }
    return at;
}

// Is there a control character other than HTAB? For short texts: whole words, the last one overlapping.
inline bool holds_control(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
#if defined(__SSE2__)
    if (text.size() >= 16) {
        std::uint64_t found = bits_of_quarter(end - 16).control;
        for (; end - at > 16; at += 16)
            found |= bits_of_quarter(at).control;
        return found != 0;
    }
#endif
    if (text.size() >= 8 && text.size() <= 16 && !may_hold_control(at) &&
        !may_hold_control(end - 8)) {
        return false;
    }
    return find_control(text) != end;
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
