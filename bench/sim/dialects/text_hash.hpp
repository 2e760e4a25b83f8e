// FNV-1a over octets: a stable fingerprint for signatures, vectors and ids, not for security.
#pragma once

#include <cstdint>
#include <string_view>

namespace spillway::bench::sim {

constexpr std::uint64_t hash_text(std::string_view text) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
}

}  // namespace spillway::bench::sim
