#include "proxy/net/rsa_key.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace spillway::net {

namespace {

constexpr int fewest_bits = 2048;

struct bio_release {
    void operator()(BIO* source) const noexcept { BIO_free(source); }
};
struct context_release {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

// OpenSSL asks for a passphrase on the terminal unless somebody else answers.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

const unsigned char* octets(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

void rsa_key::release::operator()(EVP_PKEY* key) const noexcept {
    EVP_PKEY_free(key);
}

std::optional<rsa_key> rsa_key::parse(std::string_view pem) {
    const std::unique_ptr<BIO, bio_release> source{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    pointer key{PEM_read_bio_PrivateKey(source.get(), nullptr, no_passphrase, nullptr)};
    ERR_clear_error();
    const bool is_good = key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA &&
                         EVP_PKEY_get_bits(key.get()) >= fewest_bits;
    if (!is_good) return std::nullopt;
    return rsa_key{std::move(key)};
}

std::string rsa_key::sign(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, context_release> context{EVP_MD_CTX_new()};
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = signature.size();
    const bool is_signed =
        context &&
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
        EVP_DigestSign(
            context.get(),
            reinterpret_cast<unsigned char*>(signature.data()),
            &size,
            octets(text),
            text.size()
        ) == 1;
    signature.resize(is_signed ? size : 0);
    return signature;
}

}  // namespace spillway::net
