// TLS towards clients: one a worker. A reload makes a new one; sessions of the old one live on. Touched on the
// worker's thread only.
#pragma once

#include "proxy/net/tls_context.hpp"
#include "proxy/net/tls_session.hpp"
#include "proxy/net/tls_ticket_keys.hpp"

#include <string>

namespace spillway::net {

struct tls_server_files {
    std::string certificate;  // PEM, the chain after it
    std::string key;
    std::string client_ca;  // empty: clients need no certificate
};

class tls_server {
public:
    // Throws std::runtime_error. All workers get the same `secret`, so that a client may resume at any of them.
    tls_server(const tls_server_files& files, const ticket_secret& secret);

    std::unique_ptr<tls_session> accept();

private:
    ssl_context context_;
};

}  // namespace spillway::net
