// Two streams over one loopback connection, to be secured by whatever a test puts at either end, and contexts
// that may do what ours refuse: old versions, weak suites, wrong certificates.
#pragma once

#include "proxy/net/tls_context.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/loop_runner.hpp"
#include "tests/support/sockets.hpp"

#include <optional>

namespace spillway::tests {

// A context of the other side, without any of our rules.
class lenient_context {
public:
    explicit lenient_context(net::tls_session::role as);

    lenient_context& show(const identity& who);  // certificate and key
    lenient_context& add_to_chain(const identity& authority);
    lenient_context& at_most(int version);
    lenient_context& only_suites(const std::string& names);
    lenient_context& offer_protocols(std::string_view wire_form);

    SSL_CTX* native() const noexcept { return context_.get(); }
    std::unique_ptr<net::tls_session> session() const;

private:
    net::tls_session::role as_;
    net::ssl_context context_;
};

struct tls_ends {
    explicit tls_ends(loop_runner& on);

    struct outcome {
        result<> client = result<>{};
        result<> server = result<>{};
    };
    // Runs both handshakes until both have ended; the side that fails closes.
    outcome
    secure(std::unique_ptr<net::tls_session> client, std::unique_ptr<net::tls_session> server);

    loop_runner& runner;
    net::activity client_self;
    net::activity server_self;
    net::stream client;
    net::stream server;
};

}  // namespace spillway::tests
