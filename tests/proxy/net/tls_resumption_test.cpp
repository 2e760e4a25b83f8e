#include "proxy/net/tls_ticket_keys.hpp"
#include "tests/proxy/net/tls_world.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using tests::lenient_context;
using tests::read_all;
using tests::tls_ends;
using tests::world;
using tests::write_all;
using role = net::tls_session::role;

}  // namespace

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
