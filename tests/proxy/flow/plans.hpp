// Deployments made of a few words, for what only needs to look at one.
#pragma once

#include "proxy/flow/deployment.hpp"
#include "proxy/net/digest.hpp"
#include "routing/table_builder.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::tests {

inline routing::key_description
key_of(const net::digest& digest_key, std::string name, std::string_view key) {
    routing::key_description made;
    made.name = std::move(name);
    made.digest = net::hmac_sha256(digest_key, key);
    return made;
}

// One provider `openai`, serving whatever the description does not say otherwise.
struct world {
    routing::state_registry states;
    routing::description plain;
    net::digest digest_key = net::digest{1, 2, 3};

    world() {
        routing::account_description account;
        account.name = "openai";
        account.display_name = "OpenAI";
        plain.accounts.push_back(account);
    }
    void add_key(std::string name, std::string_view key) {
        plain.keys.push_back(key_of(digest_key, std::move(name), key));
    }
    flow::deployment plan(std::uint64_t generation = 1) {
        flow::deployment made;
        routing::built_table built = routing::build_table(plain, states);
        BOOST_REQUIRE(built.has_value());
        made.generation = generation;
        made.routes = *built;
        made.digest_key = digest_key;
        return made;
    }
};

}  // namespace spillway::tests
