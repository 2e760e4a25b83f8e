#include "tests/support/tls_ends.hpp"

#include <openssl/ssl.h>

#include <stdexcept>

namespace spillway::tests {

namespace {

void must(bool succeeded, const char* what) {
    if (!succeeded) throw std::runtime_error{what};
}

net::stream stream_over(loop_runner& on, raw_socket& socket) {
    net::prepare_socket(socket.number());
    return net::stream{net::descriptor{on.loop(), socket.take()}, side::upstream};
}

net::task<> secure_one(
    net::stream& at,
    std::unique_ptr<net::tls_session> session,
    net::activity& self,
    std::optional<result<>>& out
) {
    out = co_await at.secure(std::move(session), self);
    if (out->has_error()) at.close();
}

}  // namespace

lenient_context::lenient_context(net::tls_session::role as)
    : as_{as}
    , context_{SSL_CTX_new(
          as == net::tls_session::role::client ? TLS_client_method() : TLS_server_method()
      )} {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
}

lenient_context& lenient_context::show(const identity& who) {
    must(SSL_CTX_use_certificate(context_.get(), who.certificate.get()) == 1, "certificate");
    must(SSL_CTX_use_PrivateKey(context_.get(), who.key.get()) == 1, "key");
    return *this;
}

lenient_context& lenient_context::add_to_chain(const identity& authority) {
    must(SSL_CTX_add1_chain_cert(context_.get(), authority.certificate.get()) == 1, "chain");
    return *this;
}

lenient_context& lenient_context::at_most(int version) {
    SSL_CTX_set_max_proto_version(context_.get(), version);
    return *this;
}

lenient_context& lenient_context::only_suites(const std::string& names) {
    must(SSL_CTX_set_cipher_list(context_.get(), names.c_str()) == 1, "suites");
    SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
    return *this;
}

lenient_context& lenient_context::offer_protocols(std::string_view wire_form) {
    SSL_CTX_set_alpn_protos(
        context_.get(),
        reinterpret_cast<const unsigned char*>(wire_form.data()),
        static_cast<unsigned>(wire_form.size())
    );
    return *this;
}

std::unique_ptr<net::tls_session> lenient_context::session() const {
    return std::make_unique<net::tls_session>(SSL_new(context_.get()), as_);
}

tls_ends::tls_ends(loop_runner& on) : runner{on}, client_self{on.wheel()}, server_self{on.wheel()} {
    socket_pair pair = tcp_pair();
    client = stream_over(on, pair.ours);
    server = stream_over(on, pair.theirs);
}

tls_ends::outcome tls_ends::secure(
    std::unique_ptr<net::tls_session> for_client, std::unique_ptr<net::tls_session> for_server
) {
    std::optional<result<>> at_client;
    std::optional<result<>> at_server;
    runner.start(secure_one(client, std::move(for_client), client_self, at_client));
    runner.start(secure_one(server, std::move(for_server), server_self, at_server));
    runner.until([&] { return at_client.has_value() && at_server.has_value(); });
    return {*at_client, *at_server};
}

}  // namespace spillway::tests
