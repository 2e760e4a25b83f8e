// One trusted authority, a good certificate of it, our client and our server: what every test of TLS starts from.
#pragma once

#include "proxy/net/tls_client.hpp"
#include "proxy/net/tls_server.hpp"
#include "tests/support/tls_ends.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace spillway::tests {

inline certificate_plan plan_for(std::string alternative) {
    certificate_plan plan;
    plan.alternatives = {std::move(alternative)};
    return plan;
}

struct world {
    identity authority = make_authority("Test Authority");
    identity good = issue(authority, {});
    temporary_file authority_file{authority.certificate_pem()};
    temporary_file certificate_file{good.certificate_pem()};
    temporary_file key_file{good.key_pem()};
    net::ticket_secret secret;
    net::tls_client client{authority_file.path()};
    net::tls_server server{{certificate_file.path(), key_file.path(), ""}, secret};
    loop_runner runner;

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
        return refusal_of(lenient_context{net::tls_session::role::server}.show(shown));
    }

    void secure(tls_ends& ends) {
        const auto outcome = ends.secure(client.start("localhost", 443), server.accept());
        BOOST_REQUIRE(outcome.client.has_value());
        BOOST_REQUIRE(outcome.server.has_value());
    }
};

inline net::task<> write_all(net::stream& to, std::string_view text, net::activity& self) {
    const auto done = co_await to.write(net::pieces{&text, 1}, self);
    BOOST_TEST(done.has_value());
}

// Reads until `count` octets or the end.
inline net::task<std::string> read_all(net::stream& from, std::size_t count, net::activity& self) {
    std::string all;
    std::string buffer(5000, '\0');
    while (all.size() < count) {
        const auto got = co_await from.read(buffer, self);
        if (!got || *got == 0) break;
        all.append(buffer, 0, *got);
    }
    co_return all;
}

inline std::string pattern(std::size_t size) {
    std::string made(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        made[i] = static_cast<char>('a' + i * 7 % 26);
    return made;
}

}  // namespace spillway::tests
