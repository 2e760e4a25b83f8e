#include "proxy/net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>

namespace spillway::net {

[[noreturn]] void complain_of_tls(std::string what) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    if (reason != nullptr) what.append(": ").append(reason);
    throw std::runtime_error{what};
}

void must_succeed(int returned, const std::string& what) {
    if (returned != 1) complain_of_tls(what);
}

ssl_context make_ssl_context(tls_session::role as) {
    ERR_clear_error();
    const bool is_client = as == tls_session::role::client;
    ssl_context made{SSL_CTX_new(is_client ? TLS_client_method() : TLS_server_method())};
    if (!made) complain_of_tls("cannot set up TLS");
    SSL_CTX* const context = made.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // Buffers are given back while a connection is idle; a write may be retried from another place.
    SSL_CTX_set_mode(
        context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY
    );
    // One read() takes the record's head, its body and the records behind it.
    SSL_CTX_set_read_ahead(context, 1);
    must_succeed(
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20"), "cannot set cipher suites"
    );
    return made;
}

void free_ssl_context::operator()(SSL_CTX* context) const noexcept {
    SSL_CTX_free(context);
}

}  // namespace spillway::net
