#include "proxy/net/digest.hpp"

#include "proxy/base/check.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstring>

namespace spillway::net {

digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view text) noexcept {
    digest made;
    const auto* const octets = reinterpret_cast<const unsigned char*>(text.data());
    const int key_size = static_cast<int>(key.size());
    const unsigned char* const done =
        HMAC(EVP_sha256(), key.data(), key_size, octets, text.size(), made.data(), nullptr);
    SPILLWAY_CHECK(done != nullptr);
    return made;
}

void fill_randomly(std::span<std::uint8_t> into) noexcept {
    SPILLWAY_CHECK(RAND_bytes(into.data(), static_cast<int>(into.size())) == 1);
}

digest random_digest() noexcept {
    digest made;
    fill_randomly(made);
    return made;
}

// By words, where CRYPTO_memcmp goes by octets. The differences gather behind a barrier, so that no compiler may
// leave the loop early: the time depends on the length alone, which is no secret.
bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    if (a.size() < sizeof(std::uint64_t)) return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
    std::uint64_t differs = 0;
    const auto add_word = [&](std::size_t at) {
        std::uint64_t left = 0;
        std::uint64_t right = 0;
        std::memcpy(&left, a.data() + at, sizeof left);
        std::memcpy(&right, b.data() + at, sizeof right);
        differs |= left ^ right;
        __asm__ volatile("" : "+r"(differs));
    };
    const std::size_t last = a.size() - sizeof(std::uint64_t);
    for (std::size_t at = 0; at < last; at += sizeof(std::uint64_t))
        add_word(at);
    add_word(last);
    return differs == 0;
}

}  // namespace spillway::net
