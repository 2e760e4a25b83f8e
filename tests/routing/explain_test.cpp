#include "routing/explain.hpp"
#include "tests/routing/small_world.hpp"

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

std::string routes_of(const world& w, std::string_view model) {
    return print_routes(*w.routes, model, w.who, at(0s), 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explain)

BOOST_AUTO_TEST_CASE(shows_who_would_be_asked_in_which_order_and_at_what_price) {
    auto plain = everybody_serves({"a", "b"});
    plain.accounts[1].priority = 1;
    plain.models[0].endpoints[0].price.prompt = 150'000'000;
    plain.models[0].endpoints[0].price.completion = 2'000'000'000;
    world w{plain};
    BOOST_TEST(
        routes_of(w, "m/one") ==
        "m/one\n"
        "  1. a : one-at-a  (model m/one, priority 0, weight 1, in 0.15, out 2 USD, ready)\n"
        "  2. b : one-at-b  (model m/one, priority 1, weight 1, price unknown, ready)\n"
    );
    w.eject(w.target("a", "one-at-a"), at(0s));
    const auto text = routes_of(w, "m/one");
    BOOST_TEST(text.contains("2. a : one-at-a"));
    BOOST_TEST(text.contains("put last for 30 s"));
}

BOOST_AUTO_TEST_CASE(shows_who_is_left_out_and_why) {
    auto plain = everybody_serves({"a", "b"});
    plain.deny_providers = {"b"};
    const world w{plain};
    BOOST_TEST(
        routes_of(w, "m/one").contains("left out:\n  - b  (the allow and deny lists forbid it)\n")
    );
}

BOOST_AUTO_TEST_CASE(says_when_a_route_comes_from_the_prefix_alone) {
    const world w{everybody_serves({"a"})};
    const auto text = routes_of(w, "a/brand-new");
    BOOST_TEST(text.contains("1. a : brand-new"));
    BOOST_TEST(text.contains("by prefix, price unknown"));
}

BOOST_AUTO_TEST_CASE(says_why_nobody_is_there_and_what_was_perhaps_meant) {
    auto plain = everybody_serves({"a"});
    const world w{plain};
    BOOST_TEST(
        routes_of(w, "m/onn") == "m/onn\n  nobody: there is no such model\n  did you mean m/one?\n"
    );
    plain.deny_models = {"*"};
    BOOST_TEST(routes_of(world{plain}, "m/one")
                   .contains("model m/one  (the allow and deny lists forbid it)"));
}

BOOST_AUTO_TEST_SUITE_END()
