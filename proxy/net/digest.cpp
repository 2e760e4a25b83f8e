#include "proxy/net/digest.hpp"

#include "proxy/base/check.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

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

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace spillway::net
