// Properties that hold for every table and request: random worlds from a fixed seed.
#include "tests/routing/small_world.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

class random_case {
public:
    explicit random_case(std::uint64_t seed) : random_{seed} {}

    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    bool one_in(std::uint32_t n) { return below(n) == 0; }

    description table() {
        description plain;
        for (const auto* name : {"a", "a/two", "b", "c", "d", "d/eu"}) {
            if (one_in(4)) continue;
            auto& made = plain.accounts.emplace_back(account_named(name));
            made.priority = below(3);
            made.weight = 1 + below(5);
            made.concurrency_limit = below(3);
            made.data = data_use{static_cast<std::uint8_t>(below(3))};
        }
        for (const auto* id : {"m/one", "m/two", "n/three"}) {
            auto& made = plain.models.emplace_back(model_named(id, {}));
            for (const auto& at : plain.accounts) {
                if (one_in(3) || !at.name.contains('/')) continue;
                auto& served = made.endpoints.emplace_back(endpoint_at(at.name, std::string{id}));
                served.context = below(3) * 1000;
                served.weight = 1 + below(9);
            }
            if (one_in(2) && !plain.accounts.empty()) {
                made.endpoints.push_back(endpoint_at(plain.accounts[0].name, "other"));
            }
        }
        if (one_in(3)) plain.deny_models = {"n/*"};
        if (one_in(4)) plain.deny_providers = {"d"};
        if (one_in(6)) plain.allow_providers = {"a*", "c", "d*"};
        if (one_in(4)) plain.data = data_floor{static_cast<std::uint8_t>(below(3))};
        return plain;
    }

    std::vector<std::string_view>
    some(std::initializer_list<std::string_view> of, std::uint32_t odds) {
        std::vector<std::string_view> chosen;
        for (const auto each : of) {
            if (one_in(odds)) chosen.push_back(each);
        }
        return chosen;
    }

private:
    std::mt19937_64 random_;
};

struct random_request {
    explicit random_request(random_case& random)
        : models{random.some({"m/one", "m/two", "n/three", "a/new", "b/new"}, 3)}
        , order{random.some({"a", "B", "d/eu"}, 3)}
        , only{random.some({"a", "b", "c", "D", "d/eu"}, random.one_in(2) ? 2 : 100)}
        , ignore{random.some({"a/two", "c", "d"}, 6)} {
        facts.model = random.one_in(5) ? "a/new" : "m/one";
        facts.models = models;
        facts.provider = {
            order, only, ignore, random.one_in(3) ? fallbacks::forbidden : fallbacks::allowed};
        facts.data = data_floor{static_cast<std::uint8_t>(random.one_in(4) ? random.below(3) : 0)};
        facts.prompt_tokens = random.one_in(3) ? random.below(2500) : 0;
    }

    std::vector<std::string_view> models;
    std::vector<std::string_view> order;
    std::vector<std::string_view> only;
    std::vector<std::string_view> ignore;
    request_facts facts;
};

void disturb(world& w, random_case& random) {
    for (const auto& model : w.routes->models()) {
        for (const auto& each : model.endpoints) {
            if (random.one_in(4)) w.eject(*each.state, at(0s));
            if (random.one_in(5)) each.state->rate_rest.rest(30s, at(0s));
        }
    }
    for (const auto& each : w.routes->accounts()) {
        if (random.one_in(6)) each.state->key_rest.rest(30s, at(0s));
    }
}

bool names_account(const std::vector<std::string_view>& names, const account& at) {
    return std::ranges::any_of(names, [&](auto name) { return is_meant(at, name); });
}

// Written from the requirements, not from the code: is this candidate allowed at all?
bool is_allowed(
    const world& w, const description& plain, const random_request& asked, const candidate& c
) {
    const auto& at = *c.at;
    if (!plain.deny_models.empty() && c.model.starts_with("n/")) return false;
    if (!plain.deny_providers.empty() && at.provider == "d") return false;
    if (!plain.allow_providers.empty() && at.provider == "b") return false;
    if (w.who.providers.size() == 1 && at.provider == "c") return false;
    if (!asked.only.empty() && !names_account(asked.only, at)) return false;
    if (names_account(asked.ignore, at)) return false;
    if (asked.facts.provider.beyond == fallbacks::forbidden && !asked.order.empty() &&
        !names_account(asked.order, at)) {
        return false;
    }
    const auto floor = std::max(plain.data, asked.facts.data);
    if (floor != data_floor::any && at.data == data_use::train) return false;
    if (floor == data_floor::zdr && at.data != data_use::zdr) return false;
    return c.target->context == 0 || asked.facts.prompt_tokens <= c.target->context;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(planner_properties)

BOOST_AUTO_TEST_CASE(
    a_plan_never_holds_a_forbidden_or_a_doubled_endpoint_and_a_refusal_names_its_step
) {
    std::map<refusal_step, int> refused;
    int planned = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        random_case random{seed};
        const auto plain = random.table();
        world w{plain};
        if (random.one_in(5)) w.who.providers = {*glob::parse("[!c]")};
        if (random.one_in(2)) w.who.providers = {};
        if (!w.who.providers.empty()) w.who.providers = {*glob::parse("?"), *glob::parse("?/*")};
        disturb(w, random);
        const random_request asked{random};
        const auto made = w.plan_for(asked.facts, at(1s), seed);
        if (!made) {
            ++refused[made.error().step];
            BOOST_TEST(name_of(made.error().step) != "unknown");
            BOOST_TEST(
                made.error().wait.has_value() == (made.error().step == refusal_step::resting)
            );
            continue;
        }
        ++planned;
        BOOST_TEST(made->size() >= 1U);
        std::set<std::pair<target_state*, std::string_view>> seen;
        for (const auto& each : made->candidates()) {
            BOOST_TEST_CONTEXT("seed " << seed << ", " << each.at->name << ", " << each.model) {
                BOOST_TEST(is_allowed(w, plain, asked, each));
                BOOST_TEST(seen.insert({each.state, each.model}).second);
            }
        }
    }
    BOOST_TEST(planned > 1000);
    BOOST_TEST(refused.size() >= 5U);
}

BOOST_AUTO_TEST_CASE(somebody_ready_is_never_behind_somebody_who_is_not) {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        random_case random{seed};
        world w{random.table()};
        disturb(w, random);
        const random_request asked{random};
        const auto made = w.plan_for(asked.facts, at(1s), seed);
        if (!made) continue;
        const auto worse_later =
            std::ranges::is_sorted(made->candidates(), {}, [](const candidate& c) {
                return place_of(*c.at, *c.state, at(1s)).is;
            });
        BOOST_TEST(worse_later);
    }
}

BOOST_AUTO_TEST_CASE(equals_share_the_first_place_by_weight) {
    auto plain = everybody_serves({"a", "b", "c"});
    plain.accounts[0].weight = 1;
    plain.accounts[1].weight = 3;
    plain.models[0].endpoints[2].weight = 6;
    const world w{plain};
    constexpr int draws = 100'000;
    std::map<std::string, int> first;
    std::mt19937_64 random{42};
    request_facts asked;
    asked.model = "m/one";
    for (int i = 0; i < draws; ++i)
        ++first[(*w.plan_for(asked, at(0s), random()))[0].at->name];
    const std::map<std::string, double> shares{{"a", 0.1}, {"b", 0.3}, {"c", 0.6}};
    for (const auto& [name, share] : shares) {
        const auto deviation = std::sqrt(draws * share * (1 - share));
        BOOST_TEST(std::abs(first[name] - draws * share) < 5 * deviation);
    }
}

BOOST_AUTO_TEST_CASE(seeds_that_count_up_draw_as_fairly_as_random_ones) {
    const world w{everybody_serves({"a", "b"})};
    request_facts asked;
    asked.model = "m/one";
    int a = 0;
    for (std::uint64_t i = 0; i < 10'000; ++i)
        a += (*w.plan_for(asked, at(0s), i))[0].at->name == "a";
    BOOST_TEST(std::abs(a - 5000) < 250);
}

BOOST_AUTO_TEST_CASE(losing_one_target_keeps_the_shares_of_the_others) {
    auto plain = everybody_serves({"a", "b", "c"});
    plain.accounts[1].weight = 3;
    world w{plain};
    w.eject(w.target("c", "one-at-c"), at(0s));
    std::mt19937_64 random{7};
    request_facts asked;
    asked.model = "m/one";
    int a = 0;
    for (int i = 0; i < 40'000; ++i)
        a += (*w.plan_for(asked, at(0s), random()))[0].at->name == "a";
    BOOST_TEST(std::abs(a - 10'000) < 450);
}

BOOST_AUTO_TEST_SUITE_END()
