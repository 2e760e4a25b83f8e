#include "routing/table_builder.hpp"
#include "tests/routing/small_world.hpp"

#include <algorithm>

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

std::vector<std::string> complaints_about(const description& plain) {
    state_registry states;
    const auto built = build_table(plain, states);
    return built ? std::vector<std::string>{} : built.error().texts;
}

// Exactly one complaint, and it holds these words.
bool only_complaint_is(const description& plain, std::string_view words) {
    const auto texts = complaints_about(plain);
    for (const auto& text : texts)
        BOOST_TEST_MESSAGE(text);
    return texts.size() == 1 && texts[0].find(words) != std::string::npos;
}

description good() {
    return everybody_serves({"a", "b"});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_builder_)

BOOST_AUTO_TEST_CASE(a_good_description_has_no_complaints) {
    BOOST_TEST(complaints_about(good()).empty());
    BOOST_TEST(complaints_about(description{}).empty());
}

BOOST_AUTO_TEST_CASE(each_fault_is_named) {
    auto plain = good();
    plain.models[0].endpoints[0].account = "nobody";
    BOOST_TEST(only_complaint_is(plain, "there is no such provider"));

    plain = good();
    plain.models[0].endpoints[0].upstream_model.clear();
    BOOST_TEST(only_complaint_is(plain, "upstream's model name"));

    plain = good();
    plain.models[0].endpoints[0].weight = 0;
    BOOST_TEST(only_complaint_is(plain, "weight"));

    plain = good();
    plain.models[0].endpoints[0].price.cache_read = -1;
    BOOST_TEST(only_complaint_is(plain, "price is negative"));

    plain = good();
    plain.models[0].endpoints.push_back(plain.models[0].endpoints[0]);
    BOOST_TEST(only_complaint_is(plain, "listed twice"));

    plain = good();
    plain.models.push_back(plain.models[0]);
    BOOST_TEST(only_complaint_is(plain, "model 'm/one' is configured twice"));

    plain = good();
    plain.models.push_back(model_named("two words", {}));
    BOOST_TEST(only_complaint_is(plain, "not a usable name"));

    plain = good();
    plain.accounts.push_back(account_named("a"));
    BOOST_TEST(only_complaint_is(plain, "provider 'a' is configured twice"));

    plain = good();
    plain.accounts.push_back(account_named("Open AI"));
    BOOST_TEST(only_complaint_is(plain, "lower-case"));

    plain = good();
    plain.accounts[0].weight = 0;
    BOOST_TEST(only_complaint_is(plain, "weight"));

    plain = good();
    plain.deny_models = {"has blank"};
    BOOST_TEST(only_complaint_is(plain, "denied models: 'has blank' is not a name pattern"));

    plain = good();
    plain.allow_providers = {""};
    BOOST_TEST(only_complaint_is(plain, "allowed providers"));

    plain = good();
    plain.max_attempts = 0;
    BOOST_TEST(only_complaint_is(plain, "attempts"));

    plain = good();
    plain.retry_percent = 101;
    BOOST_TEST(only_complaint_is(plain, "percent"));

    plain = good();
    plain.default_model = "nobody/knows";
    BOOST_TEST(only_complaint_is(plain, "default model 'nobody/knows'"));
}

BOOST_AUTO_TEST_CASE(faults_of_aliases_are_named) {
    auto plain = good();
    plain.aliases = {{"fast", {"m/on"}}};
    BOOST_TEST(only_complaint_is(plain, "alias 'fast': there is no model 'm/on'"));

    plain.aliases = {{"fast", {}}};
    BOOST_TEST(only_complaint_is(plain, "names no model"));

    plain.aliases = {{"m/one", {"m/one"}}};
    BOOST_TEST(only_complaint_is(plain, "also the name of a model"));

    plain.aliases = {{"fast", {"m/one"}}, {"fast", {"m/one"}}};
    BOOST_TEST(only_complaint_is(plain, "alias 'fast' is configured twice"));

    plain.aliases = {{"me", {"me"}}};
    BOOST_TEST(only_complaint_is(plain, "alias 'me' leads back to 'me'"));

    plain.aliases = {{"x", {"m/one", "y"}}, {"y", {"z"}}, {"z", {"x"}}};
    const auto loops = complaints_about(plain);
    BOOST_TEST(loops.size() == 3U);
    BOOST_TEST(std::ranges::all_of(loops, [](const auto& text) {
        return text.contains("leads back");
    }));
}

BOOST_AUTO_TEST_CASE(faults_of_keys_are_named) {
    auto plain = good();
    key_description key;
    key.name = "team";
    key.digest[0] = 1;
    plain.keys = {key, key};
    auto texts = complaints_about(plain);
    BOOST_TEST(texts.size() == 2U);

    plain.keys = {key};
    plain.keys[0].models = {"a b"};
    BOOST_TEST(only_complaint_is(plain, "key 'team'"));

    plain.keys = {key};
    plain.keys[0].name.clear();
    BOOST_TEST(only_complaint_is(plain, "has no name"));
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once) {
    auto plain = good();
    plain.max_attempts = 0;
    plain.accounts[0].weight = 0;
    plain.models[0].endpoints[1].account = "nobody";
    plain.aliases = {{"fast", {"slow"}}};
    plain.deny_models = {""};
    BOOST_TEST(complaints_about(plain).size() == 5U);
}

BOOST_AUTO_TEST_CASE(an_endpoint_at_a_provider_is_served_by_each_of_its_accounts) {
    description plain;
    plain.accounts = {
        account_named("openai"), account_named("openai/backup"), account_named("azure")};
    plain.models = {
        model_named("openai/gpt", {endpoint_at("openai", "gpt"), endpoint_at("azure", "dep")})};
    const world w{plain};
    const auto& model = w.routes->models()[0];
    BOOST_TEST(model.endpoints.size() == 3U);

    plain.models = {model_named("openai/gpt", {endpoint_at("openai/backup", "gpt")})};
    const world narrow{plain};
    BOOST_REQUIRE(narrow.routes->models()[0].endpoints.size() == 1U);
    BOOST_TEST(narrow.routes->models()[0].endpoints[0].at->name == "openai/backup");
}

BOOST_AUTO_TEST_CASE(ids_lead_back_to_what_they_name) {
    const world w{everybody_serves({"a", "b", "c"})};
    for (const auto& model : w.routes->models()) {
        BOOST_TEST(&w.routes->at(model.id) == &model);
        for (const auto& each : model.endpoints)
            BOOST_TEST(&w.routes->at(each.id) == &each);
    }
    for (const auto& each : w.routes->accounts())
        BOOST_TEST(&w.routes->at(each.id) == &each);
}

BOOST_AUTO_TEST_CASE(models_are_listed_sorted_with_their_names) {
    auto plain = good();
    plain.models.push_back(model_named("a/first", {}));
    plain.models.back().display_name = "First";
    const world w{plain};
    BOOST_REQUIRE(w.routes->models().size() == 2U);
    BOOST_TEST(w.routes->models()[0].slug == "a/first");
    BOOST_TEST(w.routes->models()[0].display_name == "First");
    BOOST_TEST(w.routes->models()[1].display_name == "m/one");
}

BOOST_AUTO_TEST_CASE(states_survive_a_reload_even_when_the_order_changes) {
    world w{everybody_serves({"a", "b"})};
    const auto* before = w.routes->find("m/one").chain[0]->endpoints[0].state;
    const auto name = w.routes->find("m/one").chain[0]->endpoints[0].at->name;
    w.rebuild(everybody_serves({"c", "b", "a"}));
    for (const auto& each : w.routes->find("m/one").chain[0]->endpoints) {
        BOOST_TEST((each.state == before) == (each.at->name == name));
    }
}

BOOST_AUTO_TEST_CASE(a_short_name_is_known_where_it_can_mean_only_one_model) {
    auto plain = good();
    plain.models.push_back(model_named("x/two", {endpoint_at("a", "x")}));
    plain.models.push_back(model_named("y/two", {endpoint_at("a", "y")}));
    const world w{plain};
    BOOST_REQUIRE(w.routes->find("one").chain.size() == 1U);
    BOOST_TEST(w.routes->find("one").chain[0]->slug == "m/one");
    BOOST_TEST(!w.routes->find("two").is_known());
}

BOOST_AUTO_TEST_CASE(an_alias_may_name_a_model_that_only_the_provider_knows) {
    auto plain = good();
    plain.aliases = {{"new", {"a/brand-new"}}};
    const world w{plain};
    const auto chain = w.routes->find("new").chain;
    BOOST_REQUIRE(chain.size() == 1U);
    BOOST_REQUIRE(chain[0]->endpoints.size() == 1U);
    BOOST_TEST(chain[0]->endpoints[0].upstream_model == "brand-new");
    BOOST_TEST(!chain[0]->endpoints[0].price.is_known());
}

BOOST_AUTO_TEST_CASE(near_misses_are_the_nearest_names_first) {
    auto plain = good();
    for (const auto* id : {"openai/gpt-4o", "openai/gpt-4o-mini", "anthropic/claude-3"}) {
        plain.models.push_back(model_named(id, {endpoint_at("a", id)}));
    }
    const world w{plain};
    const auto near = w.routes->near_misses("openai/gpt4o");
    BOOST_REQUIRE(!near.empty());
    BOOST_TEST(near[0] == "openai/gpt-4o");
    BOOST_TEST(w.routes->near_misses("completely-different-name").empty());
    BOOST_TEST(w.routes->near_misses(std::string(100'000, 'x')).empty());
}

BOOST_AUTO_TEST_SUITE_END()
