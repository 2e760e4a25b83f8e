// A private RSA key that signs texts as JSON Web Tokens want it (RS256: PKCS #1 1.5 over SHA-256). Immutable; may be
// used by one thread at a time. The key is wiped by OpenSSL when it goes.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::net {

class rsa_key {
public:
    // The first private key of a PEM text that is not encrypted; nothing for others and for keys below 2,048 bits.
    static std::optional<rsa_key> parse(std::string_view pem);

    // Empty: OpenSSL would not.
    std::string sign(std::string_view text) const;

private:
    struct release {
        void operator()(EVP_PKEY* key) const noexcept;
    };
    using pointer = std::unique_ptr<EVP_PKEY, release>;
    explicit rsa_key(pointer key) noexcept : key_{std::move(key)} {}

    pointer key_;
};

}  // namespace spillway::net
