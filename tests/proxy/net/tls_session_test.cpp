#include "proxy/net/tls_session.hpp"
#include "tests/proxy/net/tls_world.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <array>
#include <optional>

#include <unistd.h>

namespace {

using namespace spillway;
using tests::lenient_context;
using tests::pattern;
using tests::read_all;
using tests::tls_ends;
using tests::world;
using tests::write_all;
using role = net::tls_session::role;

}  // namespace

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
