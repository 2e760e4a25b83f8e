#include "routing/limit/gate.hpp"
#include "routing/limit/retry_budget.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace spillway::routing;

BOOST_AUTO_TEST_SUITE(gate_)

BOOST_AUTO_TEST_CASE(admits_as_many_as_the_limit_says_and_again_when_one_leaves) {
    gate door;
    auto one = door.try_enter(2);
    auto two = door.try_enter(2);
    BOOST_TEST(!!one);
    BOOST_TEST(!!two);
    BOOST_TEST(!door.try_enter(2));
    BOOST_TEST(door.is_full(2));
    one.leave();
    BOOST_TEST(door.inside() == 1U);
    BOOST_TEST(!!door.try_enter(2));
}

BOOST_AUTO_TEST_CASE(a_limit_of_zero_only_counts) {
    gate door;
    std::vector<gate::pass> inside;
    for (int i = 0; i < 1000; ++i)
        inside.push_back(door.try_enter(0));
    BOOST_TEST(door.inside() == 1000U);
    BOOST_TEST(!door.is_full(0));
    inside.clear();
    BOOST_TEST(door.inside() == 0U);
}

BOOST_AUTO_TEST_CASE(moving_a_pass_moves_the_place) {
    gate door;
    gate other;
    auto one = door.try_enter(1);
    auto moved = std::move(one);
    BOOST_TEST(door.inside() == 1U);
    moved = other.try_enter(1);
    BOOST_TEST(door.inside() == 0U);
    BOOST_TEST(other.inside() == 1U);
}

BOOST_AUTO_TEST_CASE(a_limit_lowered_by_a_reload_holds_newcomers_back_and_throws_nobody_out) {
    gate door;
    auto one = door.try_enter(3);
    auto two = door.try_enter(3);
    BOOST_TEST(!door.try_enter(1));
    one.leave();
    BOOST_TEST(!door.try_enter(1));
    two.leave();
    BOOST_TEST(!!door.try_enter(1));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(retry_budget_)

BOOST_AUTO_TEST_CASE(allows_three_retries_or_a_fifth_of_the_active_requests) {
    retry_budget budget;
    std::vector<gate::pass> requests;
    BOOST_TEST(budget.allowed() == 3U);
    for (int i = 0; i < 15; ++i)
        requests.push_back(budget.enter_request());
    BOOST_TEST(budget.allowed() == 3U);
    for (int i = 0; i < 85; ++i)
        requests.push_back(budget.enter_request());
    BOOST_TEST(budget.allowed() == 20U);
    std::vector<gate::pass> retries;
    while (auto one = budget.try_retry())
        retries.push_back(std::move(one));
    BOOST_TEST(retries.size() == 20U);
    retries.pop_back();
    BOOST_TEST(!!budget.try_retry());
}

BOOST_AUTO_TEST_CASE(a_share_of_zero_percent_leaves_the_three) {
    retry_budget budget{0};
    std::vector<gate::pass> requests;
    for (int i = 0; i < 1000; ++i)
        requests.push_back(budget.enter_request());
    BOOST_TEST(budget.allowed() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
