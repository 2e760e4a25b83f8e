#include "proxy/net/tls_client.hpp"

#include "proxy/base/check.hpp"
#include "proxy/net/tls_tickets.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace spillway::net {

namespace {

int keep_session(SSL* connection, SSL_SESSION* session) {
    static_cast<tls_tickets*>(SSL_get_app_data(connection))->keep(session);
    return 1;  // the session is ours
}

// Sets who the other end must be, and says so in the handshake when it is a name.
void expect(SSL* connection, const std::string& host) {
    X509_VERIFY_PARAM* const checks = SSL_get0_param(connection);
    if (X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1) return;
    // RFC 9525: the alternative names count, the common name does not.
    X509_VERIFY_PARAM_set_hostflags(
        checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT
    );
    SPILLWAY_CHECK(X509_VERIFY_PARAM_set1_host(checks, host.data(), host.size()) == 1);
    SSL_set_tlsext_host_name(connection, host.c_str());
}

// "[::1]" and "example.com." as certificates name them.
std::string_view bare(std::string_view host) noexcept {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        return host.substr(1, host.size() - 2);
    if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
    return host;
}

}  // namespace

tls_client::tls_client(const std::string& ca_file)
    : context_{make_ssl_context(tls_session::role::client)} {
    SSL_CTX* const context = context_.get();
    if (ca_file.empty()) {
        must_succeed(
            SSL_CTX_set_default_verify_paths(context), "cannot use the system's authorities"
        );
    } else {
        must_succeed(
            SSL_CTX_load_verify_file(context, ca_file.c_str()),
            "cannot use the authorities in " + ca_file
        );
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_alpn_protos(context, http_1_1.data(), http_1_1.size());
    SSL_CTX_set_session_cache_mode(
        context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL | SSL_SESS_CACHE_NO_AUTO_CLEAR
    );
    SSL_CTX_sess_set_new_cb(context, &keep_session);
}

// Connections that live on have nowhere to put new tickets.
tls_client::~tls_client() {
    SSL_CTX_sess_set_new_cb(context_.get(), nullptr);
}

tls_tickets& tls_client::tickets_of(std::string_view host, std::uint16_t port) {
    std::string origin{host};
    origin.append(":").append(std::to_string(port));
    std::unique_ptr<tls_tickets>& found = tickets_[origin];
    if (!found) found = std::make_unique<tls_tickets>();
    return *found;
}

std::unique_ptr<tls_session> tls_client::start(std::string_view host, std::uint16_t port) {
    const std::string name{bare(host)};
    SPILLWAY_CHECK(!name.empty());  // OpenSSL takes an empty name for "do not check"
    tls_tickets& tickets = tickets_of(name, port);
    SSL* const connection = SSL_new(context_.get());
    SPILLWAY_CHECK(connection != nullptr);
    expect(connection, name);
    SSL_set_app_data(connection, &tickets);
    tickets.offer(connection);
    return std::make_unique<tls_session>(connection, tls_session::role::client);
}

}  // namespace spillway::net
