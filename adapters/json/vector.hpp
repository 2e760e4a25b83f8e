// The widest octet vector this build may use, and the handful of operations the scanners need. Width follows
// -march; without SIMD a portable word of one octet does the same, slowly. Stateless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#    include <immintrin.h>
#elif defined(__SSE2__)
#    include <emmintrin.h>
#endif

namespace spillway::adapters::json {

#if defined(__AVX2__)

class octets {
public:
    static constexpr std::size_t width = 32;
    static octets load(const char* from) noexcept {
        return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))};
    }
    [[nodiscard]] octets equal(char c) const noexcept {
        return {_mm256_cmpeq_epi8(v_, _mm256_set1_epi8(c))};
    }
    // Octets from 0 to `limit`, unsigned.
    [[nodiscard]] octets at_most(char limit) const noexcept {
        return {_mm256_cmpeq_epi8(_mm256_min_epu8(v_, _mm256_set1_epi8(limit)), v_)};
    }
    // Octets below `limit` as signed numbers: those beyond ASCII, too.
    [[nodiscard]] octets below(char limit) const noexcept {
        return {_mm256_cmpgt_epi8(_mm256_set1_epi8(limit), v_)};
    }
    [[nodiscard]] octets equal(octets other) const noexcept {
        return {_mm256_cmpeq_epi8(v_, other.v_)};
    }
    [[nodiscard]] octets minus(char c) const noexcept {
        return {_mm256_sub_epi8(v_, _mm256_set1_epi8(c))};
    }
    [[nodiscard]] octets with(char bits) const noexcept {
        return {_mm256_or_si256(v_, _mm256_set1_epi8(bits))};
    }
    [[nodiscard]] octets operator|(octets other) const noexcept {
        return {_mm256_or_si256(v_, other.v_)};
    }
    [[nodiscard]] octets operator&(octets other) const noexcept {
        return {_mm256_and_si256(v_, other.v_)};
    }
    // The top bit of each octet; bit 0 is the first octet.
    [[nodiscard]] std::uint32_t mask() const noexcept {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(v_));
    }

private:
    octets(__m256i v) noexcept : v_{v} {}
    __m256i v_;
};

#elif defined(__SSE2__)

class octets {
public:
    static constexpr std::size_t width = 16;
    static octets load(const char* from) noexcept {
        return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
    }
    [[nodiscard]] octets equal(char c) const noexcept {
        return {_mm_cmpeq_epi8(v_, _mm_set1_epi8(c))};
    }
    [[nodiscard]] octets at_most(char limit) const noexcept {
        return {_mm_cmpeq_epi8(_mm_min_epu8(v_, _mm_set1_epi8(limit)), v_)};
    }
    [[nodiscard]] octets below(char limit) const noexcept {
        return {_mm_cmplt_epi8(v_, _mm_set1_epi8(limit))};
    }
    [[nodiscard]] octets equal(octets other) const noexcept {
        return {_mm_cmpeq_epi8(v_, other.v_)};
    }
    [[nodiscard]] octets minus(char c) const noexcept {
        return {_mm_sub_epi8(v_, _mm_set1_epi8(c))};
    }
    [[nodiscard]] octets with(char bits) const noexcept {
        return {_mm_or_si128(v_, _mm_set1_epi8(bits))};
    }
    [[nodiscard]] octets operator|(octets other) const noexcept {
        return {_mm_or_si128(v_, other.v_)};
    }
    [[nodiscard]] octets operator&(octets other) const noexcept {
        return {_mm_and_si128(v_, other.v_)};
    }
    [[nodiscard]] std::uint32_t mask() const noexcept {
        return static_cast<std::uint32_t>(_mm_movemask_epi8(v_));
    }

private:
    octets(__m128i v) noexcept : v_{v} {}
    __m128i v_;
};

#else

class octets {
public:
    static constexpr std::size_t width = 1;
    static octets load(const char* from) noexcept { return {static_cast<unsigned char>(*from)}; }
    [[nodiscard]] octets equal(char c) const noexcept {
        return {static_cast<unsigned char>(v_ == static_cast<unsigned char>(c) ? 0xff : 0)};
    }
    [[nodiscard]] octets at_most(char limit) const noexcept {
        return {static_cast<unsigned char>(v_ <= static_cast<unsigned char>(limit) ? 0xff : 0)};
    }
    [[nodiscard]] octets below(char limit) const noexcept {
        const auto is_below = static_cast<signed char>(v_) < static_cast<signed char>(limit);
        return {static_cast<unsigned char>(is_below ? 0xff : 0)};
    }
    [[nodiscard]] octets equal(octets other) const noexcept {
        return {static_cast<unsigned char>(v_ == other.v_ ? 0xff : 0)};
    }
    [[nodiscard]] octets minus(char c) const noexcept {
        return {static_cast<unsigned char>(v_ - static_cast<unsigned char>(c))};
    }
    [[nodiscard]] octets with(char bits) const noexcept {
        return {static_cast<unsigned char>(v_ | static_cast<unsigned char>(bits))};
    }
    [[nodiscard]] octets operator|(octets other) const noexcept {
        return {static_cast<unsigned char>(v_ | other.v_)};
    }
    [[nodiscard]] octets operator&(octets other) const noexcept {
        return {static_cast<unsigned char>(v_ & other.v_)};
    }
    [[nodiscard]] std::uint32_t mask() const noexcept { return v_ >> 7; }

private:
    octets(unsigned char v) noexcept : v_{v} {}
    unsigned char v_;
};

#endif

// Whether the first `size` octets of both are the same. REQUIRES: size <= room, and `room` octets readable at both.
template <std::size_t Room>
[[nodiscard]] inline bool are_same(const char* one, const char* other, std::size_t size) noexcept {
    if constexpr (octets::width == 32 && Room == 32) {
        const auto same = octets::load(one).equal(octets::load(other)).mask();
        return (static_cast<std::uint64_t>(~same) << (64 - size)) == 0;
    } else {
        return std::memcmp(one, other, size) == 0;
    }
}

}  // namespace spillway::adapters::json
