// Where a JSON string ends, in memory that has no padding behind it. Stateless.
#pragma once

#include "adapters/json/vector.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace spillway::adapters::json {

// Behind the escape at p, whose backslash and next five octets are readable; nullptr if it is none.
[[nodiscard]] inline const char* behind_escape(const char* p) noexcept {
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return p + 2;
    case 'u': break;
    default: return nullptr;
    }
    for (int i = 2; i < 6; ++i) {
        auto c = static_cast<unsigned char>(p[i]);
        auto low = static_cast<unsigned char>(c | 0x20);
        if (!((c >= '0' && c <= '9') || (low >= 'a' && low <= 'f'))) return nullptr;
    }
    return p + 6;
}

// The quote that closes the string in which p stands; nullptr if the string is not valid, or not seen to be
// before `end`: a few octets too many may be asked for behind it. Octets from `floor` on are readable. Top bits of
// the octets passed are collected, and of some behind them.
[[nodiscard]] inline const char* closing_quote(
    const char* floor, const char* p, const char* end, std::uint32_t& beyond_ascii
) noexcept {
    constexpr auto width = octets::width;
    if (static_cast<std::size_t>(end - floor) < width) return nullptr;
    while (p < end) {
        const auto left = static_cast<std::size_t>(end - p);
        const auto known = left < width ? width - left : 0;
        const auto block = octets::load(p - known);
        const auto hits =
            (block.equal('"') | block.equal('\\') | block.at_most(0x1f)).mask() >> known;
        beyond_ascii |= block.mask() >> known;
        if (hits == 0) {
            p += width - known;
            continue;
        }
        p += std::countr_zero(hits);
        if (*p == '"') return p;
        if (*p != '\\' || end - p < 6) return nullptr;
        p = behind_escape(p);
        if (p == nullptr) return nullptr;
    }
    return nullptr;
}

}  // namespace spillway::adapters::json
