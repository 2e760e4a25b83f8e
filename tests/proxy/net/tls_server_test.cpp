#include "proxy/net/tls_server.hpp"
#include "tests/proxy/net/tls_world.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using namespace std::string_view_literals;
using tests::certificate_plan;
using tests::identity;
using tests::lenient_context;
using tests::temporary_file;
using tests::tls_ends;
using tests::world;
using role = net::tls_session::role;

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_server)

struct guarded_world : world {
    net::tls_server guarded{
        {certificate_file.path(), key_file.path(), authority_file.path()}, secret};

    // Why our server does not take a client that shows this.
    std::string refusal_of_client(const lenient_context& other) {
        tls_ends ends{runner};
        const auto [at_client, at_server] = ends.secure(other.session(), guarded.accept());
        return at_server ? "accepted" : std::string{at_server.error().detail};
    }
    std::string refusal_of_client(const identity& shown) {
        return refusal_of_client(lenient_context{role::client}.show(shown));
    }
};

BOOST_AUTO_TEST_CASE(a_client_certificate_is_required_when_asked_for) {
    guarded_world at;
    BOOST_TEST(at.refusal_of_client(at.good) == "accepted");
    BOOST_TEST(
        at.refusal_of_client(lenient_context{role::client}) == "no certificate from the other end"
    );
}

BOOST_AUTO_TEST_CASE(bad_client_certificates_are_refused) {
    guarded_world at;
    certificate_plan expired;
    expired.valid_from = -48h;
    expired.valid_until = -24h;
    certificate_plan early;
    early.valid_from = 24h;
    early.valid_until = 48h;
    certificate_plan weak;
    weak.hash = tests::signature::sha1;
    const identity stranger = tests::make_authority("Stranger");
    using tests::issue;
    BOOST_TEST(at.refusal_of_client(issue(at.authority, expired)) == "certificate expired");
    BOOST_TEST(at.refusal_of_client(issue(at.authority, early)) == "certificate not yet valid");
    BOOST_TEST(at.refusal_of_client(issue(at.authority, weak)) == "certificate signature too weak");
    BOOST_TEST(
        at.refusal_of_client(issue(stranger, {})) ==
        "certificate issuer unknown or chain incomplete"
    );
    BOOST_TEST(at.refusal_of_client(tests::sign_oneself({})) == "certificate self-signed");
}

BOOST_AUTO_TEST_CASE(old_versions_and_suites_of_clients_are_refused) {
    world at;
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION}) {
        tls_ends ends{at.runner};
        lenient_context old{role::client};
        old.at_most(version);
        const auto outcome = ends.secure(old.session(), at.server.accept());
        BOOST_TEST(outcome.server.has_value() == (version == TLS1_2_VERSION));
        if (!outcome.server)
            BOOST_TEST(outcome.server.error().detail == "protocol version too old");
    }
    tls_ends ends{at.runner};
    lenient_context cbc{role::client};
    cbc.only_suites("ECDHE-ECDSA-AES128-SHA");
    const auto outcome = ends.secure(cbc.session(), at.server.accept());
    BOOST_REQUIRE(outcome.server.has_error());
    BOOST_TEST(outcome.server.error().detail == "no common cipher suite");
}

BOOST_AUTO_TEST_CASE(clients_that_offer_protocols_must_offer_ours) {
    world at;
    for (const auto& [offer, accepted] :
         {std::pair{"\x02h2\x08http/1.1"sv, true}, std::pair{"\x02h2"sv, false}}) {
        tls_ends ends{at.runner};
        lenient_context other{role::client};
        other.offer_protocols(offer);
        const auto outcome = ends.secure(other.session(), at.server.accept());
        BOOST_TEST(outcome.server.has_value() == accepted);
        if (!accepted)
            BOOST_TEST(outcome.server.error().detail == "no common application protocol");
    }
}

BOOST_AUTO_TEST_CASE(plain_http_from_a_client_is_named) {
    world at;
    tests::socket_pair pair = tests::tcp_pair();
    net::stream ours{net::descriptor{at.runner.loop(), pair.ours.take()}, side::client};
    net::activity self{at.runner.wheel()};
    pair.theirs.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto done = at.runner.run(ours.secure(at.server.accept(), self));
    BOOST_REQUIRE(done.has_error());
    BOOST_TEST(done.error().detail == "plain HTTP on the TLS port");
}

// A renegotiation that is asked for goes out with the next write.
net::task<> try_to_write(std::string_view text, tls_ends& ends) {
    const auto done = co_await ends.client.write(net::pieces{&text, 1}, ends.client_self);
    BOOST_TEST(done.has_error());
}

BOOST_AUTO_TEST_CASE(renegotiation_is_refused) {
    world at;
    tls_ends ends{at.runner};
    lenient_context older{role::client};
    older.at_most(TLS1_2_VERSION);
    SSL* const raw = SSL_new(older.native());
    const auto outcome =
        ends.secure(std::make_unique<net::tls_session>(raw, role::client), at.server.accept());
    BOOST_REQUIRE(outcome.client.has_value());
    BOOST_REQUIRE(SSL_renegotiate(raw) == 1);
    at.runner.start(try_to_write("x", ends));
    ends.server_self.until(at.runner.wheel().now() + 50ms);
    std::string into(1, '\0');
    const auto got = at.runner.run(ends.server.read(into, ends.server_self));
    BOOST_TEST(got.has_error());
    BOOST_TEST(SSL_renegotiate_pending(raw) == 1);  // never answered
}

BOOST_AUTO_TEST_CASE(bad_files_are_clear_sentences) {
    world at;
    const identity other = tests::issue(at.authority, {});
    const temporary_file other_key{other.key_pem()};
    const temporary_file rubbish{"rubbish"};
    const auto complaint = [&](const std::string& certificate, const std::string& key) {
        try {
            net::tls_server{{certificate, key, ""}, at.secret};
        } catch (const std::runtime_error& why) {
            return std::string{why.what()};
        }
        return std::string{};
    };
    const std::string certificate = at.certificate_file.path();
    BOOST_TEST(complaint(certificate, at.key_file.path()) == "");
    BOOST_TEST(complaint(rubbish.path(), at.key_file.path())
                   .starts_with("cannot use the TLS certificate in " + rubbish.path()));
    BOOST_TEST(complaint(certificate, rubbish.path())
                   .starts_with("cannot use the TLS key in " + rubbish.path()));
    BOOST_TEST(complaint(certificate, other_key.path()) != "");
}

BOOST_AUTO_TEST_SUITE_END()
