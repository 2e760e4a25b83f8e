// Helpers of the routing tests: a clock that is a number, descriptions in one line, a table with its states, and
// how the closed sets print.
#pragma once

#include "routing/failover.hpp"
#include "routing/filter.hpp"
#include "routing/planner.hpp"
#include "routing/table_builder.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::routing {

inline std::ostream& boost_test_print_type(std::ostream& out, outcome_kind kind) {
    return out << name_of(kind);
}
inline std::ostream& boost_test_print_type(std::ostream& out, refusal_step step) {
    return out << name_of(step);
}
inline std::ostream& boost_test_print_type(std::ostream& out, stop_reason why) {
    return out << name_of(why);
}
inline std::ostream& boost_test_print_type(std::ostream& out, standing is) {
    constexpr std::string_view names[]{"closed", "half open", "open"};
    return out << names[static_cast<std::size_t>(is)];
}

}  // namespace spillway::routing

namespace spillway::routing::test {

using namespace std::chrono_literals;

// The epoch of a test is far from the clock's, as on a machine that has been up for a while.
inline time_point at(std::chrono::milliseconds since) {
    return time_point{} + 100h + since;
}

inline outcome ended(outcome_kind kind) {
    return {.kind = kind};
}

inline outcome rate_limited(std::optional<milliseconds> retry_after) {
    return {.kind = outcome_kind::rate_limited, .retry_after = retry_after};
}

inline outcome stale() {
    return {.kind = outcome_kind::closed_early, .connection = connection_age::reused};
}

inline account_description account_named(std::string name) {
    account_description made;
    made.name = std::move(name);
    return made;
}

inline endpoint_description endpoint_at(std::string account, std::string upstream = "up") {
    endpoint_description made;
    made.account = std::move(account);
    made.upstream_model = std::move(upstream);
    return made;
}

inline model_description model_named(std::string id, std::vector<endpoint_description> endpoints) {
    return {
        .id = std::move(id), .display_name = {}, .created = 0, .endpoints = std::move(endpoints)};
}

// Accounts `names`, and one model `m/one` that each of them serves.
inline description everybody_serves(std::initializer_list<std::string> names) {
    description plain;
    plain.models.push_back(model_named("m/one", {}));
    for (const auto& name : names) {
        plain.accounts.push_back(account_named(name));
        plain.models[0].endpoints.push_back(endpoint_at(name, "one-at-" + name));
    }
    return plain;
}

struct world {
    explicit world(const description& plain) { rebuild(plain); }

    void rebuild(const description& plain) {
        auto built = build_table(plain, states);
        if (!built) {
            for (const auto& text : built.error().texts)
                BOOST_TEST_MESSAGE(text);
        }
        BOOST_REQUIRE(built.has_value());
        routes = *built;
    }

    result<plan>
    plan_for(const request_facts& asked, time_point now = at(0ms), std::uint64_t random = 1) const {
        return make_plan(*routes, asked, who, now, random);
    }
    result<plan> plan_for(std::string_view model, time_point now = at(0ms)) const {
        request_facts asked;
        asked.model = model;
        return plan_for(asked, now);
    }

    // "a b": the accounts of the plan in order, or "refused: step".
    std::string
    order(const request_facts& asked, time_point now = at(0ms), std::uint64_t random = 1) const {
        const auto made = plan_for(asked, now, random);
        if (!made) return "refused: " + std::string{name_of(made.error().step)};
        std::string text;
        for (const auto& each : made->candidates()) {
            text += (text.empty() ? "" : " ") + each.at->name;
        }
        return text;
    }
    std::string order(std::string_view model, time_point now = at(0ms)) const {
        request_facts asked;
        asked.model = model;
        return order(asked, now);
    }

    const account& account_at(std::string_view name) const {
        for (const auto& each : routes->accounts()) {
            if (each.name == name) return each;
        }
        BOOST_FAIL("no such account");
        return routes->accounts()[0];
    }
    target_state& target(std::string_view account, std::string_view upstream) {
        return states.target(account, upstream);
    }
    void eject(target_state& state, time_point now) {
        for (auto i = 0U; i < breaker::failures_to_open; ++i) {
            state.health.failed(permit::normal, now);
        }
    }

    state_registry states;
    std::shared_ptr<const table> routes;
    client_key who;
};

}  // namespace spillway::routing::test
