#include "routing/planner.hpp"
#include "tests/routing/small_world.hpp"

#include <array>

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

using names = std::vector<std::string_view>;

request_facts asks(std::string_view model) {
    request_facts asked;
    asked.model = model;
    return asked;
}

// Priorities in the order of the names, so that every order below is certain.
description ranked(std::initializer_list<std::string> accounts) {
    auto plain = everybody_serves(accounts);
    std::uint32_t priority = 0;
    for (auto& each : plain.accounts)
        each.priority = priority++;
    return plain;
}

std::vector<glob> globs(std::initializer_list<std::string_view> patterns) {
    std::vector<glob> made;
    for (const auto pattern : patterns)
        made.push_back(*glob::parse(pattern));
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(planner)

BOOST_AUTO_TEST_CASE(a_candidate_says_who_asks_whom_for_what) {
    const world w{everybody_serves({"a"})};
    const auto made = w.plan_for("m/one");
    BOOST_REQUIRE(made.has_value());
    BOOST_REQUIRE(made->size() == 1U);
    const auto& only = (*made)[0];
    BOOST_TEST(only.at->name == "a");
    BOOST_TEST(only.upstream_model == "one-at-a");
    BOOST_TEST(only.model == "m/one");
    BOOST_TEST(only.state == only.target->state);
}

BOOST_AUTO_TEST_CASE(lower_priority_numbers_are_asked_first) {
    const world w{ranked({"a", "b", "c"})};
    for (std::uint64_t random = 0; random < 20; ++random) {
        BOOST_TEST(w.order(asks("m/one"), at(0s), random) == "a b c");
    }
}

BOOST_AUTO_TEST_CASE(the_whole_of_one_model_comes_before_the_next) {
    auto plain = ranked({"a", "b"});
    plain.models.push_back(model_named("m/two", {endpoint_at("b", "two"), endpoint_at("a", "two")})
    );
    const world w{plain};
    auto asked = asks("m/one");
    const names chain{"m/two", "m/one", "m/two"};
    asked.models = chain;
    const auto made = w.plan_for(asked);
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(w.order(asked) == "a b a b");
    BOOST_TEST((*made)[1].model == "m/one");
    BOOST_TEST((*made)[2].model == "m/two");
    BOOST_TEST((*made)[2].chain_position == 1U);
}

BOOST_AUTO_TEST_CASE(models_alone_and_the_default_model_are_enough) {
    auto plain = ranked({"a"});
    const world without{plain};
    BOOST_TEST(without.order(asks("")) == "refused: no_model");
    const names chain{"m/one"};
    request_facts asked;
    asked.models = chain;
    BOOST_TEST(without.order(asked) == "a");
    plain.default_model = "m/one";
    const world with{plain};
    BOOST_TEST(with.order(asks("")) == "a");
}

BOOST_AUTO_TEST_CASE(an_alias_is_a_chain_of_models) {
    auto plain = ranked({"a", "b"});
    plain.models.push_back(model_named("m/two", {endpoint_at("b", "two")}));
    plain.aliases = {{"fast", {"m/two", "good"}}, {"good", {"m/one", "m/two"}}};
    const world w{plain};
    BOOST_TEST(w.order("fast") == "b a b");
}

BOOST_AUTO_TEST_CASE(an_unknown_model_of_a_known_provider_is_routed_by_its_prefix) {
    description plain;
    plain.accounts = {
        account_named("openai"), account_named("openai/backup"), account_named("other")};
    plain.accounts[1].priority = 1;
    const world w{plain};
    const auto made = w.plan_for("openai/whatever-new");
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(w.order("openai/whatever-new") == "openai openai/backup");
    BOOST_TEST((*made)[0].upstream_model == "whatever-new");
    BOOST_TEST((*made)[0].model == "openai/whatever-new");
    BOOST_TEST(!(*made)[0].target->price.is_known());
    BOOST_TEST(!cost_of((*made)[0].target->price, {.prompt = 1}).has_value());
    BOOST_TEST(w.order("openai/") == "refused: unknown_model");
    BOOST_TEST(w.order("nobody/knows") == "refused: unknown_model");
}

BOOST_AUTO_TEST_CASE(unnamed_models_of_one_account_keep_their_rests_apart) {
    description plain;
    plain.accounts = {account_named("openai")};
    const world w{plain};
    const auto one = w.plan_for("openai/model-1");
    const auto two = w.plan_for("openai/model-2");
    BOOST_REQUIRE((*one)[0].state != (*two)[0].state);
    (*one)[0].state->rate_rest.rest(60s, at(0s));
    BOOST_TEST(w.order("openai/model-1") == "refused: resting");
    BOOST_TEST(w.order("openai/model-2") == "openai");
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_refused_with_near_misses_the_caller_may_use) {
    auto plain = ranked({"a"});
    plain.models.push_back(model_named("m/ons", {endpoint_at("a", "ons")}));
    plain.deny_models = {"m/ons"};
    world w{plain};
    const auto made = w.plan_for("m/onn");
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().step == refusal_step::unknown_model);
    BOOST_TEST(made.error().model == "m/onn");
    BOOST_TEST(
        made.error().suggestions == std::vector<std::string>{"m/one"},
        boost::test_tools::per_element()
    );
    w.who.models = globs({"x/*"});
    BOOST_TEST(w.plan_for("m/onn").error().suggestions.empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_name_anywhere_in_the_chain_fails_the_request) {
    const world w{ranked({"a"})};
    auto asked = asks("m/one");
    const names chain{"m/nine"};
    asked.models = chain;
    BOOST_TEST(w.order(asked) == "refused: unknown_model");
}

BOOST_AUTO_TEST_CASE(a_model_without_endpoints_is_refused_as_such) {
    auto plain = ranked({"a"});
    plain.models.push_back(model_named("m/two", {}));
    const world w{plain};
    BOOST_TEST(w.order("m/two") == "refused: no_endpoints");
}

BOOST_AUTO_TEST_CASE(the_lists_of_the_organisation_hold) {
    auto plain = ranked({"a", "b"});
    plain.deny_models = {"m/*"};
    BOOST_TEST(world{plain}.order("m/one") == "refused: not_allowed_organisation");
    plain.deny_models = {};
    plain.allow_models = {"x/*"};
    BOOST_TEST(world{plain}.order("m/one") == "refused: not_allowed_organisation");
    BOOST_TEST(world{plain}.order("a/new") == "refused: not_allowed_organisation");
    plain.allow_models = {"m/*"};
    plain.deny_providers = {"a"};
    BOOST_TEST(world{plain}.order("m/one") == "b");
    plain.deny_providers = {};
    plain.allow_providers = {"a*"};
    BOOST_TEST(world{plain}.order("m/one") == "a");
}

BOOST_AUTO_TEST_CASE(denying_a_provider_denies_its_accounts_and_denying_an_account_only_it) {
    auto plain = ranked({"a", "a/two", "b"});
    plain.models[0].endpoints = {endpoint_at("a", "x"), endpoint_at("b", "x")};
    plain.deny_providers = {"a"};
    BOOST_TEST(world{plain}.order("m/one") == "b");
    plain.deny_providers = {"a/two"};
    BOOST_TEST(world{plain}.order("m/one") == "a b");
}

BOOST_AUTO_TEST_CASE(the_lists_of_the_key_hold) {
    world w{ranked({"a", "b"})};
    w.who.models = globs({"x/*"});
    BOOST_TEST(w.order("m/one") == "refused: not_allowed_key");
    BOOST_TEST(w.order("a/new") == "refused: not_allowed_key");
    w.who.models = globs({"x/*", "M/ONE"});
    BOOST_TEST(w.order("m/one") == "a b");
    w.who.providers = globs({"b"});
    BOOST_TEST(w.order("m/one") == "b");
    w.who.providers = globs({"c"});
    BOOST_TEST(w.order("m/one") == "refused: not_allowed_key");
}

BOOST_AUTO_TEST_CASE(an_alias_does_not_lead_around_the_lists_of_the_key) {
    auto plain = ranked({"a"});
    plain.aliases = {{"ok/fast", {"m/one"}}};
    world w{plain};
    w.who.models = globs({"ok/*"});
    BOOST_TEST(w.order("ok/fast") == "refused: not_allowed_key");
}

BOOST_AUTO_TEST_CASE(order_comes_first_and_the_others_follow) {
    const world w{ranked({"a", "b", "c"})};
    auto asked = asks("m/one");
    const names order{"C", "b"};
    asked.provider.order = order;
    BOOST_TEST(w.order(asked) == "c b a");
    asked.provider.beyond = fallbacks::forbidden;
    BOOST_TEST(w.order(asked) == "c b");
    const names nobody{"x"};
    asked.provider.order = nobody;
    BOOST_TEST(w.order(asked) == "refused: provider_only");
}

BOOST_AUTO_TEST_CASE(without_fallbacks_only_the_first_choice_of_each_model_is_left) {
    auto plain = ranked({"a", "b"});
    plain.models.push_back(model_named("m/two", {endpoint_at("a", "two"), endpoint_at("b", "two")})
    );
    world w{plain};
    auto asked = asks("m/one");
    asked.provider.beyond = fallbacks::forbidden;
    BOOST_TEST(w.order(asked) == "a");
    const names chain{"m/two"};
    asked.models = chain;
    BOOST_TEST(w.order(asked) == "a a");
    w.eject(w.target("a", "one-at-a"), at(0s));
    BOOST_TEST(w.order(asked) == "b a");
}

BOOST_AUTO_TEST_CASE(only_and_ignore_name_providers_by_slug_or_display_name_in_any_case) {
    auto plain = ranked({"a", "a/two", "google-vertex"});
    plain.models[0].endpoints = {endpoint_at("a", "x"), endpoint_at("google-vertex", "x")};
    plain.accounts[2].display_name = "Google Vertex";
    const world w{plain};
    auto asked = asks("m/one");
    const names vertex{"google VERTEX"};
    asked.provider.only = vertex;
    BOOST_TEST(w.order(asked) == "google-vertex");
    const names base{"A"};
    asked.provider.only = base;
    BOOST_TEST(w.order(asked) == "a a/two");
    const names full{"a/TWO"};
    asked.provider.only = full;
    BOOST_TEST(w.order(asked) == "a/two");
    asked.provider.ignore = full;
    BOOST_TEST(w.order(asked) == "refused: provider_ignore");
    asked.provider.only = {};
    BOOST_TEST(w.order(asked) == "a google-vertex");
    const names nobody{"nobody"};
    asked.provider.only = nobody;
    BOOST_TEST(w.order(asked) == "refused: provider_only");
}

BOOST_AUTO_TEST_CASE(the_stricter_data_policy_of_installation_and_request_holds) {
    auto plain = ranked({"trains", "keeps", "zero"});
    plain.accounts[1].data = data_use::retain;
    plain.accounts[2].data = data_use::zdr;
    auto asked = asks("m/one");
    BOOST_TEST(world{plain}.order(asked) == "trains keeps zero");
    asked.data = data_floor::no_training;
    BOOST_TEST(world{plain}.order(asked) == "keeps zero");
    plain.data = data_floor::zdr;
    BOOST_TEST(world{plain}.order(asked) == "zero");
    plain.accounts[2].data = data_use::retain;
    BOOST_TEST(world{plain}.order(asked) == "refused: data_policy");
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_is_too_small_is_left_out_where_its_size_is_known) {
    auto plain = ranked({"a", "b"});
    plain.models[0].endpoints[0].context = 8000;
    plain.models[0].endpoints[0].max_output = 100;
    const world w{plain};
    auto asked = asks("m/one");
    asked.prompt_tokens = 8000;
    asked.output_tokens = 100;
    BOOST_TEST(w.order(asked) == "a b");
    asked.prompt_tokens = 8001;
    BOOST_TEST(w.order(asked) == "b");
    asked.prompt_tokens = 0;
    asked.output_tokens = 101;
    BOOST_TEST(w.order(asked) == "b");
    const names a{"a"};
    asked.provider.only = a;
    BOOST_TEST(w.order(asked) == "refused: context_length");
}

BOOST_AUTO_TEST_CASE(ejected_targets_go_last_soonest_back_first_rather_than_nowhere) {
    world w{ranked({"a", "b", "c"})};
    w.eject(w.target("a", "one-at-a"), at(10s));
    BOOST_TEST(w.order("m/one", at(10s)) == "b c a");
    w.eject(w.target("b", "one-at-b"), at(0s));
    BOOST_TEST(w.order("m/one", at(10s)) == "c b a");
    w.eject(w.target("c", "one-at-c"), at(5s));
    BOOST_TEST(w.order("m/one", at(10s)) == "b c a");
    BOOST_TEST(w.order("m/one", at(31s)) == "b c a");  // b is half open: it may have its trial
    BOOST_TEST(w.order("m/one", at(41s)) == "a b c");
}

BOOST_AUTO_TEST_CASE(an_ejected_target_waits_behind_the_next_model_of_the_chain) {
    auto plain = ranked({"a", "b"});
    plain.models[0].endpoints = {endpoint_at("a", "x")};
    plain.models.push_back(model_named("m/two", {endpoint_at("b", "x")}));
    world w{plain};
    w.eject(w.target("a", "x"), at(0s));
    auto asked = asks("m/one");
    const names chain{"m/two"};
    asked.models = chain;
    BOOST_TEST(w.order(asked) == "b a");
}

BOOST_AUTO_TEST_CASE(resting_targets_go_last_and_when_all_rest_the_smallest_time_is_told) {
    world w{ranked({"a", "b"})};
    w.target("a", "one-at-a").rate_rest.rest(90s, at(0s));
    BOOST_TEST(w.order("m/one") == "b a");
    w.target("b", "one-at-b").rate_rest.rest(30s, at(0s));
    const auto made = w.plan_for("m/one", at(10s));
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().step == refusal_step::resting);
    BOOST_TEST(made.error().wait->count() == 20'000);
    BOOST_TEST(made.error().model == "m/one");
    BOOST_TEST(w.order("m/one", at(30s)) == "b a");
}

BOOST_AUTO_TEST_CASE(a_rest_is_of_one_model_at_one_account) {
    auto plain = ranked({"a", "b"});
    plain.models.push_back(model_named("m/two", {endpoint_at("a", "two")}));
    world w{plain};
    w.target("a", "one-at-a").rate_rest.rest(90s, at(0s));
    BOOST_TEST(w.order("m/two") == "a");
}

BOOST_AUTO_TEST_CASE(an_account_whose_key_was_refused_goes_last_for_every_model_but_is_not_forbidden
) {
    auto plain = ranked({"a", "b"});
    plain.models.push_back(model_named("m/two", {endpoint_at("a", "two")}));
    world w{plain};
    w.account_at("a").state->key_rest.rest(60s, at(0s));
    BOOST_TEST(w.order("m/one") == "b a");
    BOOST_TEST(w.order("m/two") == "a");
    BOOST_TEST(w.order("m/one", at(60s)) == "a b");
}

BOOST_AUTO_TEST_CASE(an_account_at_its_concurrency_limit_stands_back) {
    auto plain = ranked({"a", "b"});
    for (auto& each : plain.accounts)
        each.concurrency_limit = 1;
    world w{plain};
    auto at_a = w.account_at("a").state->in_flight.try_enter(1);
    BOOST_TEST(w.order("m/one") == "b a");
    auto at_b = w.account_at("b").state->in_flight.try_enter(1);
    BOOST_TEST(w.order("m/one") == "refused: no_room");
    at_a.leave();
    BOOST_TEST(w.order("m/one") == "a b");
}

BOOST_AUTO_TEST_CASE(a_plan_holds_sixteen_and_the_healthy_have_precedence) {
    description plain;
    plain.models.push_back(model_named("m/one", {}));
    for (int i = 0; i < 40; ++i) {
        const auto name = "p" + std::to_string(i);
        plain.accounts.push_back(account_named(name));
        plain.accounts.back().priority = static_cast<std::uint32_t>(i);
        plain.models[0].endpoints.push_back(endpoint_at(name));
    }
    world w{plain};
    for (int i = 0; i < 30; ++i)
        w.eject(w.target("p" + std::to_string(i), "up"), at(0s));
    const auto made = w.plan_for("m/one");
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(made->size() == plan::capacity);
    BOOST_TEST((*made)[0].at->name == "p30");
    BOOST_TEST((*made)[9].at->name == "p39");
}

BOOST_AUTO_TEST_SUITE_END()
