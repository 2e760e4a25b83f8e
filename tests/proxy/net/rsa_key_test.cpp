#include "proxy/net/rsa_key.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace {

using spillway::net::rsa_key;

using pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string pem_of(EVP_PKEY* key) {
    BIO* const into = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(into, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(into, &text);
    std::string made{text, static_cast<std::size_t>(size)};
    BIO_free(into);
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rsa_keys)

BOOST_AUTO_TEST_CASE(a_signature_is_good_for_its_text_and_no_other) {
    const pointer key{EVP_RSA_gen(2048), EVP_PKEY_free};
    const auto read = rsa_key::parse(pem_of(key.get()));
    BOOST_TEST_REQUIRE(read.has_value());
    const std::string signature = read->sign("header.claims");
    const auto fits = [&](std::string_view text) {
        EVP_MD_CTX* const context = EVP_MD_CTX_new();
        EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key.get());
        const int good = EVP_DigestVerify(
            context,
            reinterpret_cast<const unsigned char*>(signature.data()),
            signature.size(),
            reinterpret_cast<const unsigned char*>(text.data()),
            text.size()
        );
        EVP_MD_CTX_free(context);
        return good == 1;
    };
    BOOST_TEST(fits("header.claims"));
    BOOST_TEST(!fits("header.claimz"));
}

BOOST_AUTO_TEST_CASE(keys_that_are_weak_of_another_kind_or_none_are_refused) {
    const pointer weak{EVP_RSA_gen(1024), EVP_PKEY_free};
    BOOST_TEST(!rsa_key::parse(pem_of(weak.get())).has_value());
    const pointer curve{EVP_EC_gen("P-256"), EVP_PKEY_free};
    BOOST_TEST(!rsa_key::parse(pem_of(curve.get())).has_value());
    BOOST_TEST(!rsa_key::parse("").has_value());
    BOOST_TEST(!rsa_key::parse("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
                    .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
