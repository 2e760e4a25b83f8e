// Keyed digests, random octets and a comparison that takes the same time for every input: what keys and
// tickets need of cryptography. Stateless functions; safe on every thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace spillway::net {

using digest = std::array<std::uint8_t, 32>;

digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view text) noexcept;

// From the system's generator. A process that cannot have randomness must not go on: aborts.
void fill_randomly(std::span<std::uint8_t> into) noexcept;
digest random_digest() noexcept;

// Time depends on the lengths only.
bool constant_time_equal(std::string_view a, std::string_view b) noexcept;

}  // namespace spillway::net
