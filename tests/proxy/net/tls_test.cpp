#include "proxy/net/tls_client.hpp"
#include "proxy/net/tls_server.hpp"
#include "tests/support/tls_ends.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <unistd.h>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using namespace std::string_view_literals;
using tests::certificate_plan;
using tests::identity;
using tests::lenient_context;
using tests::raw_socket;
using tests::temporary_file;
using tests::tls_ends;
using role = net::tls_session::role;

certificate_plan plan_for(std::string alternative) {
    certificate_plan plan;
    plan.alternatives = {std::move(alternative)};
    return plan;
}

// One trusted authority, a good certificate of it, our client and our server.
struct world {
    identity authority = tests::make_authority("Test Authority");
    identity good = tests::issue(authority, {});
    temporary_file authority_file{authority.certificate_pem()};
    temporary_file certificate_file{good.certificate_pem()};
    temporary_file key_file{good.key_pem()};
    net::ticket_secret secret;
    net::tls_client client{authority_file.path()};
    net::tls_server server{{certificate_file.path(), key_file.path(), ""}, secret};
    tests::loop_runner runner;

    // Why our client does not take a server that shows this.
    std::string refusal_of(const lenient_context& other) {
        tls_ends ends{runner};
        const auto [at_client, at_server] =
            ends.secure(client.start("localhost", 443), other.session());
        if (at_client) return "accepted";
        BOOST_TEST((at_client.error().what == fault::tls));
        BOOST_TEST((at_client.error().next == again::other_target));
        return std::string{at_client.error().detail};
    }
    std::string refusal_of(const identity& shown) {
        return refusal_of(lenient_context{role::server}.show(shown));
    }

    void secure(tls_ends& ends) {
        const auto outcome = ends.secure(client.start("localhost", 443), server.accept());
        BOOST_REQUIRE(outcome.client.has_value());
        BOOST_REQUIRE(outcome.server.has_value());
    }
};

net::task<> write_all(net::stream& to, std::string_view text, net::activity& self) {
    const auto done = co_await to.write(net::pieces{&text, 1}, self);
    BOOST_TEST(done.has_value());
}

// Reads until `count` octets or the end.
net::task<std::string> read_all(net::stream& from, std::size_t count, net::activity& self) {
    std::string all;
    std::string buffer(5000, '\0');
    while (all.size() < count) {
        const auto got = co_await from.read(buffer, self);
        if (!got || *got == 0) break;
        all.append(buffer, 0, *got);
    }
    co_return all;
}

std::string pattern(std::size_t size) {
    std::string made(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        made[i] = static_cast<char>('a' + i * 7 % 26);
    return made;
}

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

BOOST_AUTO_TEST_SUITE(tls_resumption)

// Connects, lets one answer through (tickets come with it), says whether it was resumed.
bool connect_once(world& at, net::tls_client& by, net::tls_server& to, std::uint16_t port = 443) {
    tls_ends ends{at.runner};
    const auto outcome = ends.secure(by.start("localhost", port), to.accept());
    BOOST_REQUIRE(outcome.client.has_value());
    at.runner.run(write_all(ends.server, "x", ends.server_self));
    BOOST_TEST(at.runner.run(read_all(ends.client, 1, ends.client_self)) == "x");
    return ends.client.tls()->resumed();
}

BOOST_AUTO_TEST_CASE(every_connection_after_the_first_is_resumed) {
    world at;
    int resumed = 0;
    for (int i = 0; i < 20; ++i)
        resumed += connect_once(at, at.client, at.server) ? 1 : 0;
    BOOST_TEST(resumed == 19);
}

BOOST_AUTO_TEST_CASE(another_worker_with_the_same_secret_resumes_too) {
    world at;
    net::tls_server second{{at.certificate_file.path(), at.key_file.path(), ""}, at.secret};
    BOOST_TEST(!connect_once(at, at.client, at.server));
    BOOST_TEST(connect_once(at, at.client, second));
}

BOOST_AUTO_TEST_CASE(a_server_with_another_secret_does_not_resume) {
    world at;
    net::tls_server stranger{{at.certificate_file.path(), at.key_file.path(), ""}, {}};
    BOOST_TEST(!connect_once(at, at.client, at.server));
    BOOST_TEST(!connect_once(at, at.client, stranger));
}

BOOST_AUTO_TEST_CASE(sessions_of_one_origin_are_not_offered_to_another) {
    world at;
    BOOST_TEST(!connect_once(at, at.client, at.server, 443));
    BOOST_TEST(!connect_once(at, at.client, at.server, 8443));
}

BOOST_AUTO_TEST_CASE(a_ticket_of_tls_1_3_is_offered_once) {
    world at;
    BOOST_TEST(!connect_once(at, at.client, at.server));
    const auto offered = at.client.start("localhost", 443);  // takes the only ticket, and goes
    BOOST_TEST(!connect_once(at, at.client, at.server));
}

BOOST_AUTO_TEST_CASE(a_session_of_tls_1_2_is_resumed_again_and_again) {
    world at;
    lenient_context older{role::server};
    older.show(at.good).at_most(TLS1_2_VERSION);
    for (int i = 0; i < 3; ++i) {
        tls_ends ends{at.runner};
        BOOST_REQUIRE(ends.secure(at.client.start("localhost", 443), older.session()).client);
        BOOST_TEST(ends.client.tls()->resumed() == (i > 0));
    }
}

BOOST_AUTO_TEST_CASE(a_session_outlives_the_contexts_of_a_reload) {
    world at;
    auto brief_client = std::make_unique<net::tls_client>(at.authority_file.path());
    auto brief_server = std::make_unique<net::tls_server>(
        net::tls_server_files{at.certificate_file.path(), at.key_file.path(), ""}, at.secret
    );
    tls_ends ends{at.runner};
    auto from = brief_client->start("localhost", 443);
    auto to = brief_server->accept();
    brief_client.reset();
    brief_server.reset();
    const auto outcome = ends.secure(std::move(from), std::move(to));
    BOOST_REQUIRE(outcome.client.has_value());
    at.runner.run(write_all(ends.server, "late", ends.server_self));
    BOOST_TEST(at.runner.run(read_all(ends.client, 4, ends.client_self)) == "late");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tls_ticket_keys)

BOOST_AUTO_TEST_CASE(workers_step_alike_and_forget_what_is_older_than_one_step) {
    const net::ticket_secret secret;
    net::tls_ticket_keys one{secret};
    net::tls_ticket_keys other{secret};
    const auto first = one.current().name;
    one.advance(secret.since + 1h);
    BOOST_TEST((one.current().name == first));
    one.advance(secret.since + 3h);
    BOOST_TEST((one.current().name != first));
    BOOST_TEST(one.find(first) != nullptr);
    other.advance(secret.since + 2h);
    BOOST_TEST((other.current().name == one.current().name));
    one.advance(secret.since + 5h);
    BOOST_TEST(one.find(first) == nullptr);
    other.advance(secret.since + 5h);
    BOOST_TEST((other.current().mac == one.current().mac));
}

BOOST_AUTO_TEST_SUITE_END()

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

BOOST_AUTO_TEST_SUITE(tls_session)

BOOST_AUTO_TEST_CASE(an_end_without_close_notify_is_a_fault_and_one_with_it_is_not) {
    world at;
    std::string into(16, '\0');
    {
        tls_ends ends{at.runner};
        at.secure(ends);
        ends.server.close();
        const auto got = at.runner.run(ends.client.read(into, ends.client_self));
        BOOST_REQUIRE(got.has_value());
        BOOST_TEST(*got == 0U);
    }
    tls_ends ends{at.runner};
    at.secure(ends);
    ends.server.socket().close();
    const auto got = at.runner.run(ends.client.read(into, ends.client_self));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().what == fault::reset));
    BOOST_TEST((got.error().cause == boost::asio::error::eof));
    BOOST_TEST(got.error().detail == "connection cut off without a TLS close");
}

BOOST_AUTO_TEST_CASE(a_reset_is_a_fault) {
    world at;
    tls_ends ends{at.runner};
    at.secure(ends);
    ends.server.abort();
    std::string into(16, '\0');
    const auto got = at.runner.run(ends.client.read(into, ends.client_self));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().what == fault::reset));
}

BOOST_AUTO_TEST_CASE(large_transfers_in_both_directions_at_once_arrive_whole) {
    world at;
    tls_ends ends{at.runner};
    at.secure(ends);
    const std::string text = pattern(3'000'000);
    std::optional<std::string> at_server;
    std::optional<std::string> at_client;
    const auto keep = [](net::task<std::string> work,
                         std::optional<std::string>& out) -> net::task<> {
        std::string all = co_await work;
        out = std::move(all);
    };
    net::activity second_client{at.runner.wheel()};
    net::activity second_server{at.runner.wheel()};
    at.runner.start(write_all(ends.client, text, ends.client_self));
    at.runner.start(write_all(ends.server, text, ends.server_self));
    at.runner.start(keep(read_all(ends.server, text.size(), second_server), at_server));
    at.runner.start(keep(read_all(ends.client, text.size(), second_client), at_client));
    at.runner.until([&] { return at_server.has_value() && at_client.has_value(); });
    BOOST_TEST((*at_server == text));
    BOOST_TEST((*at_client == text));
}

BOOST_AUTO_TEST_CASE(pieces_around_the_size_of_a_record_arrive_in_order) {
    world at;
    tls_ends ends{at.runner};
    at.secure(ends);
    for (const std::size_t middle : {1U, 100U, 16'383U, 16'384U, 16'385U, 40'000U}) {
        const std::string body = pattern(middle);
        const std::array<std::string_view, 3> parts{"head:", body, ":tail"};
        const std::string whole = "head:" + body + ":tail";
        const auto send = [](tls_ends& by, net::pieces what) -> net::task<> {
            const auto done = co_await by.client.write(what, by.client_self);
            BOOST_TEST(done.has_value());
        };
        at.runner.start(send(ends, parts));
        const auto got = at.runner.run(read_all(ends.server, whole.size(), ends.server_self));
        BOOST_TEST((got == whole));
    }
}

BOOST_AUTO_TEST_CASE(decrypted_octets_are_read_without_another_event) {
    world at;
    tls_ends ends{at.runner};
    at.secure(ends);
    at.runner.run(write_all(ends.client, "0123456789", ends.client_self));
    std::string two(2, '\0');
    for (const char* expected : {"01", "23", "45", "67", "89"}) {
        const auto got = at.runner.run(ends.server.read(two, ends.server_self));
        BOOST_REQUIRE(got.has_value());
        BOOST_TEST(two == expected);
        BOOST_TEST(ends.server.tls()->has_pending() == (two != "89"));
    }
}

BOOST_AUTO_TEST_CASE(looking_tells_silence_tickets_data_and_the_end_apart) {
    world at;
    tls_ends ends{at.runner};
    at.secure(ends);
    // The server's ticket is waiting on the client's socket: readable, but nobody speaks.
    BOOST_TEST((ends.client.look() == net::presence::silent));
    BOOST_TEST((ends.server.look() == net::presence::silent));
    at.runner.run(write_all(ends.server, "x", ends.server_self));
    at.runner.until([&] { return ends.client.look() == net::presence::talking; });
    std::string into(1, '\0');
    BOOST_TEST(at.runner.run(ends.client.read(into, ends.client_self)).has_value());
    BOOST_TEST(into == "x");
    ends.server.close();
    at.runner.until([&] { return ends.client.look() == net::presence::gone; });
}

BOOST_AUTO_TEST_CASE(a_key_update_in_the_middle_needs_reads_that_write_and_is_not_noticed) {
    world at;
    tls_ends ends{at.runner};
    lenient_context other{role::server};
    other.show(at.good);
    SSL* const raw = SSL_new(other.native());
    const auto outcome = ends.secure(
        at.client.start("localhost", 443), std::make_unique<net::tls_session>(raw, role::server)
    );
    BOOST_REQUIRE(outcome.client.has_value());
    for (int i = 0; i < 3; ++i) {
        // Asks us to update too: our next read answers with a record of its own.
        BOOST_REQUIRE(SSL_key_update(raw, SSL_KEY_UPDATE_REQUESTED) == 1);
        at.runner.run(write_all(ends.server, "tick", ends.server_self));
        BOOST_TEST(at.runner.run(read_all(ends.client, 4, ends.client_self)) == "tick");
        at.runner.run(write_all(ends.client, "tock", ends.client_self));
        BOOST_TEST(at.runner.run(read_all(ends.server, 4, ends.server_self)) == "tock");
    }
}

BOOST_AUTO_TEST_CASE(rubbish_in_the_stream_is_a_fault) {
    world at;
    tls_ends ends{at.runner};
    at.secure(ends);
    const std::string rubbish(100, 'z');
    BOOST_REQUIRE(::write(ends.server.native(), rubbish.data(), rubbish.size()) == 100);
    std::string into(16, '\0');
    const auto got = at.runner.run(ends.client.read(into, ends.client_self));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().what == fault::reset));
}

BOOST_AUTO_TEST_SUITE_END()
