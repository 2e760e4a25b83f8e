// TLS towards upstreams: one a worker and set of authorities. Touched on the worker's thread only; sessions may
// outlive it. The other end is always verified before an octet of ours leaves; there is no switch.
#pragma once

#include "proxy/net/tls_context.hpp"
#include "proxy/net/tls_session.hpp"

#include <string>
#include <unordered_map>

namespace spillway::net {

class tls_tickets;

class tls_client {
public:
    // Throws std::runtime_error. `ca_file` holds the authorities in PEM; empty: the system's.
    explicit tls_client(const std::string& ca_file);
    tls_client(const tls_client&) = delete;
    tls_client& operator=(const tls_client&) = delete;
    ~tls_client();

    // For a new connection: verifies that the other end is `host` (a name or an IP literal), and resumes an
    // earlier session with the same origin when there is one.
    std::unique_ptr<tls_session> start(std::string_view host, std::uint16_t port);

private:
    tls_tickets& tickets_of(std::string_view host, std::uint16_t port);

    ssl_context context_;
    std::unordered_map<std::string, std::unique_ptr<tls_tickets>> tickets_;  // by origin
};

}  // namespace spillway::net
