#include "tests/support/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <stdlib.h>
#include <unistd.h>

namespace spillway::tests {

namespace {

using bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

void must(bool succeeded, const char* what) {
    if (!succeeded) throw std::runtime_error{what};
}

std::string text_in(const bio& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    must(made != nullptr, "extension");
    X509_add_ext(to, made, -1);
    X509_EXTENSION_free(made);
}

void name_it(X509_NAME* name, const std::string& text) {
    const auto* const octets = reinterpret_cast<const unsigned char*>(text.c_str());
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, octets, -1, -1, 0) == 1, "name");
}

std::string join(const std::vector<std::string>& parts) {
    std::string joined;
    for (const std::string& part : parts)
        joined.append(joined.empty() ? "" : ",").append(part);
    return joined;
}

// Without an issuer it signs itself.
identity make(const certificate_plan& plan, const identity* issuer) {
    static long serial = 1000;
    identity made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    must(made.key && made.certificate, "key");
    X509* const certificate = made.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    const auto seconds = [](std::chrono::hours at) {
        return static_cast<long>(std::chrono::seconds{at}.count());
    };
    X509_gmtime_adj(X509_getm_notBefore(certificate), seconds(plan.valid_from));
    X509_gmtime_adj(X509_getm_notAfter(certificate), seconds(plan.valid_until));
    X509_set_pubkey(certificate, made.key.get());
    name_it(X509_get_subject_name(certificate), plan.name);
    X509* const above = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(above));
    const bool is_authority = plan.use == purpose::authority;
    add_extension(
        certificate, above, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "CA:FALSE"
    );
    add_extension(certificate, above, NID_subject_key_identifier, "hash");
    if (!is_authority && !plan.alternatives.empty())
        add_extension(certificate, above, NID_subject_alt_name, join(plan.alternatives));
    EVP_PKEY* const with = issuer != nullptr ? issuer->key.get() : made.key.get();
    const EVP_MD* const hash = plan.hash == signature::sha1 ? EVP_sha1() : EVP_sha256();
    must(X509_sign(certificate, with, hash) > 0, "sign");
    return made;
}

}  // namespace

void free_certificate::operator()(X509* one) const noexcept {
    X509_free(one);
}

void free_certificate::operator()(EVP_PKEY* one) const noexcept {
    EVP_PKEY_free(one);
}

std::string identity::certificate_pem() const {
    const bio memory{BIO_new(BIO_s_mem()), &BIO_free_all};
    PEM_write_bio_X509(memory.get(), certificate.get());
    return text_in(memory);
}

std::string identity::key_pem() const {
    const bio memory{BIO_new(BIO_s_mem()), &BIO_free_all};
    PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return text_in(memory);
}

identity make_authority(const std::string& name) {
    certificate_plan plan;
    plan.name = name;
    plan.use = purpose::authority;
    return make(plan, nullptr);
}

identity issue(const identity& by, const certificate_plan& plan) {
    return make(plan, &by);
}

identity sign_oneself(const certificate_plan& plan) {
    return make(plan, nullptr);
}

temporary_file::temporary_file(std::string_view content)
    : path_{(std::filesystem::temp_directory_path() / "spillway-test-XXXXXX").string()} {
    const int number = ::mkstemp(path_.data());
    must(number >= 0, "temporary file");
    ::close(number);
    std::ofstream{path_, std::ios::binary} << content;
}

temporary_file::~temporary_file() {
    ::unlink(path_.c_str());
}

}  // namespace spillway::tests
