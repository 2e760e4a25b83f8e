#include "proxy/net/tls_client.hpp"
#include "tests/proxy/net/tls_world.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <tuple>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using namespace std::string_view_literals;
using tests::certificate_plan;
using tests::identity;
using tests::lenient_context;
using tests::plan_for;
using tests::read_all;
using tests::tls_ends;
using tests::world;
using tests::write_all;
using role = net::tls_session::role;

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_client)

BOOST_AUTO_TEST_CASE(a_good_certificate_is_accepted_and_octets_travel) {
    world at;
    tls_ends ends{at.runner};
    at.secure(ends);
    at.runner.run(write_all(ends.client, "hello", ends.client_self));
    BOOST_TEST(at.runner.run(read_all(ends.server, 5, ends.server_self)) == "hello");
    at.runner.run(write_all(ends.server, "world", ends.server_self));
    BOOST_TEST(at.runner.run(read_all(ends.client, 5, ends.client_self)) == "world");
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
    world at;
    certificate_plan plan;
    plan.valid_from = -48h;
    plan.valid_until = -24h;
    BOOST_TEST(at.refusal_of(tests::issue(at.authority, plan)) == "certificate expired");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_yet_valid_is_refused) {
    world at;
    certificate_plan plan;
    plan.valid_from = 24h;
    plan.valid_until = 48h;
    BOOST_TEST(at.refusal_of(tests::issue(at.authority, plan)) == "certificate not yet valid");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_name_is_refused) {
    world at;
    for (const char* other : {"DNS:example.com", "DNS:localhost.example.com", "IP:127.0.0.1"}) {
        const identity shown = tests::issue(at.authority, plan_for(other));
        BOOST_TEST(at.refusal_of(shown) == "certificate for another name");
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_issuer_is_refused) {
    world at;
    const identity stranger = tests::make_authority("Stranger");
    const auto expected = "certificate issuer unknown or chain incomplete";
    BOOST_TEST(at.refusal_of(tests::issue(stranger, {})) == expected);
    lenient_context with_its_root{role::server};
    with_its_root.show(tests::issue(stranger, {})).add_to_chain(stranger);
    BOOST_TEST(at.refusal_of(with_its_root) == expected);
}

BOOST_AUTO_TEST_CASE(a_self_signed_certificate_is_refused) {
    world at;
    BOOST_TEST(at.refusal_of(tests::sign_oneself({})) == "certificate self-signed");
}

BOOST_AUTO_TEST_CASE(an_incomplete_chain_is_refused_and_a_complete_one_accepted) {
    world at;
    certificate_plan between;
    between.name = "Intermediate";
    between.use = tests::purpose::authority;
    const identity intermediate = tests::issue(at.authority, between);
    const identity leaf = tests::issue(intermediate, {});
    BOOST_TEST(at.refusal_of(leaf) == "certificate issuer unknown or chain incomplete");
    lenient_context complete{role::server};
    complete.show(leaf).add_to_chain(intermediate);
    BOOST_TEST(at.refusal_of(complete) == "accepted");
}

BOOST_AUTO_TEST_CASE(a_weak_signature_is_refused) {
    world at;
    certificate_plan weak;
    weak.hash = tests::signature::sha1;
    BOOST_TEST(at.refusal_of(tests::issue(at.authority, weak)) == "certificate signature too weak");
}

BOOST_AUTO_TEST_CASE(old_versions_are_refused) {
    world at;
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        lenient_context old{role::server};
        old.show(at.good).at_most(version);
        const std::string why = at.refusal_of(old);
        BOOST_TEST(why == "alert of the other end: protocol version");
    }
}

BOOST_AUTO_TEST_CASE(suites_without_authentication_of_data_are_refused) {
    world at;
    lenient_context old{role::server};
    old.show(at.good).only_suites("ECDHE-ECDSA-AES128-SHA");
    const std::string why = at.refusal_of(old);
    BOOST_TEST(why == "alert of the other end: no common ground (handshake_failure)");
}

BOOST_AUTO_TEST_CASE(tls_1_2_is_spoken) {
    world at;
    lenient_context older{role::server};
    older.show(at.good).at_most(TLS1_2_VERSION);
    BOOST_TEST(at.refusal_of(older) == "accepted");
}

BOOST_AUTO_TEST_CASE(plain_http_on_the_tls_port_is_named) {
    world at;
    tests::socket_pair pair = tests::tcp_pair();
    net::stream ours{net::descriptor{at.runner.loop(), pair.ours.take()}, side::upstream};
    net::activity self{at.runner.wheel()};
    pair.theirs.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    const auto done = at.runner.run(ours.secure(at.client.start("localhost", 443), self));
    BOOST_REQUIRE(done.has_error());
    BOOST_TEST(done.error().detail == "no TLS on this port");
}

BOOST_AUTO_TEST_CASE(a_handshake_that_hangs_ends_with_the_deadline) {
    world at;
    tests::socket_pair pair = tests::tcp_pair();
    net::stream ours{net::descriptor{at.runner.loop(), pair.ours.take()}, side::upstream};
    net::activity self{at.runner.wheel()};
    self.until(at.runner.wheel().now() + 50ms);
    const auto done = at.runner.run(ours.secure(at.client.start("localhost", 443), self));
    BOOST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().what == fault::timeout_tls));
    BOOST_TEST((done.error().next == again::other_target));
}

BOOST_AUTO_TEST_CASE(a_close_or_reset_during_the_handshake_is_a_tls_fault) {
    world at;
    for (const bool with_reset : {false, true}) {
        tests::socket_pair pair = tests::tcp_pair();
        net::stream ours{net::descriptor{at.runner.loop(), pair.ours.take()}, side::upstream};
        net::activity self{at.runner.wheel()};
        if (with_reset) {
            pair.theirs.reset();
        } else {
            pair.theirs.close();
        }
        const auto done = at.runner.run(ours.secure(at.client.start("localhost", 443), self));
        BOOST_REQUIRE(done.has_error());
        BOOST_TEST((done.error().what == fault::tls));
    }
}

BOOST_AUTO_TEST_CASE(an_alert_during_the_handshake_is_named) {
    world at;
    tests::socket_pair pair = tests::tcp_pair();
    net::stream ours{net::descriptor{at.runner.loop(), pair.ours.take()}, side::upstream};
    net::activity self{at.runner.wheel()};
    pair.theirs.write("\x15\x03\x03\x00\x02\x02\x50"sv);  // fatal internal_error
    const auto done = at.runner.run(ours.secure(at.client.start("localhost", 443), self));
    BOOST_REQUIRE(done.has_error());
    BOOST_TEST(done.error().detail == "alert of the other end: internal error");
}

BOOST_AUTO_TEST_CASE(nothing_of_ours_leaves_before_verification) {
    world at;
    tls_ends ends{at.runner};
    const identity wrong = tests::issue(at.authority, plan_for("DNS:example.com"));
    lenient_context other{role::server};
    other.show(wrong);
    const auto [at_client, at_server] =
        ends.secure(at.client.start("localhost", 443), other.session());
    BOOST_TEST(at_client.has_error());
    BOOST_TEST(!ends.client.is_open());
    // The other end got an alert instead of a request.
    if (at_server) BOOST_TEST(at.runner.run(read_all(ends.server, 1, ends.server_self)) == "");
}

BOOST_AUTO_TEST_CASE(an_ip_literal_is_verified_as_an_address) {
    world at;
    for (const auto& [host, alternative, accepted] :
         {std::tuple{"127.0.0.1", "IP:127.0.0.1", true},
          std::tuple{"[::1]", "IP:::1", true},
          std::tuple{"127.0.0.2", "IP:127.0.0.1", false}}) {
        tls_ends ends{at.runner};
        lenient_context other{role::server};
        other.show(tests::issue(at.authority, plan_for(alternative)));
        const auto outcome = ends.secure(at.client.start(host, 443), other.session());
        BOOST_TEST(outcome.client.has_value() == accepted);
    }
}

BOOST_AUTO_TEST_CASE(a_missing_authorities_file_is_a_clear_sentence) {
    try {
        net::tls_client{"/nonexistent/ca.pem"};
        BOOST_ERROR("accepted");
    } catch (const std::runtime_error& why) {
        BOOST_TEST(std::string_view{why.what()}.starts_with(
            "cannot use the authorities in /nonexistent/ca.pem"
        ));
    }
}

BOOST_AUTO_TEST_SUITE_END()
