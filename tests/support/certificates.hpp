// Certificates made for one test run: authorities, what they issue, and everything that can be wrong with it.
// Keys are P-256; nothing is read from or left on disk except what `temporary_file` holds.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::tests {

struct free_certificate {
    void operator()(X509* one) const noexcept;
    void operator()(EVP_PKEY* one) const noexcept;
};

struct identity {
    std::unique_ptr<X509, free_certificate> certificate;
    std::unique_ptr<EVP_PKEY, free_certificate> key;

    std::string certificate_pem() const;
    std::string key_pem() const;
};

enum class purpose : std::uint8_t { authority, leaf };
enum class signature : std::uint8_t { sha256, sha1 };

struct certificate_plan {
    std::string name = "localhost";
    std::vector<std::string> alternatives{"DNS:localhost"};  // as OpenSSL writes subjectAltName
    std::chrono::hours valid_from{-1};                       // from now
    std::chrono::hours valid_until{24};
    purpose use = purpose::leaf;
    signature hash = signature::sha256;
};

identity make_authority(const std::string& name);
identity issue(const identity& by, const certificate_plan& plan);
identity sign_oneself(const certificate_plan& plan);

class temporary_file {
public:
    explicit temporary_file(std::string_view content);
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file();

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

}  // namespace spillway::tests
