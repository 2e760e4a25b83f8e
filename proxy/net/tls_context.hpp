// What every use of TLS has in common: versions, suites, buffers. OpenSSL 3.0 locks when contexts are made or
// shared, hence one a worker and policy, built at start or reload, and none a connection. Start-up path:
// throws std::runtime_error with a sentence for the operator.
#pragma once

#include "proxy/net/tls_session.hpp"

#include <openssl/types.h>

#include <array>
#include <memory>
#include <string>

namespace spillway::net {

struct free_ssl_context {
    void operator()(SSL_CTX* context) const noexcept;
};
using ssl_context = std::unique_ptr<SSL_CTX, free_ssl_context>;

// TLS 1.2 and 1.3 with AEAD suites, no renegotiation, no compression.
ssl_context make_ssl_context(tls_session::role as);

// The one protocol we speak, as ALPN lists it.
inline constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// Throws `what`, with OpenSSL's reason behind it, unless `returned` is 1.
void must_succeed(int returned, const std::string& what);
[[noreturn]] void complain_of_tls(std::string what);

}  // namespace spillway::net
