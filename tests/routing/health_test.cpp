#include "routing/health.hpp"
#include "tests/routing/small_world.hpp"

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

void fail_times(breaker& health, int times, time_point now) {
    for (int i = 0; i < times; ++i)
        health.failed(permit::normal, now);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(health)

BOOST_AUTO_TEST_CASE(five_failures_in_a_row_eject_for_thirty_seconds) {
    breaker health;
    fail_times(health, 4, at(0s));
    BOOST_TEST(health.look(at(0s)).is == standing::closed);
    fail_times(health, 1, at(0s));
    BOOST_TEST(health.look(at(0s)).is == standing::open);
    BOOST_TEST(health.look(at(0s)).remaining.count() == 30'000);
    BOOST_TEST(health.look(at(29'999ms)).is == standing::open);
    BOOST_TEST(health.look(at(30s)).is == standing::half_open);
}

BOOST_AUTO_TEST_CASE(a_good_end_forgets_failures_a_good_head_does_not) {
    breaker health;
    fail_times(health, 4, at(0s));
    health.answered(permit::normal);
    BOOST_TEST(health.failures_in_row() == 4U);
    health.completed(permit::normal);
    BOOST_TEST(health.failures_in_row() == 0U);
    fail_times(health, 4, at(0s));
    BOOST_TEST(health.look(at(0s)).is == standing::closed);
}

BOOST_AUTO_TEST_CASE(one_trial_decides_the_return) {
    breaker health;
    fail_times(health, 5, at(0s));
    BOOST_TEST(!health.try_trial(at(29s)));
    BOOST_TEST(health.try_trial(at(30s)));
    BOOST_TEST(!health.try_trial(at(30s)));
    BOOST_TEST(health.look(at(31s)).is == standing::open);
    health.answered(permit::trial);
    BOOST_TEST(health.look(at(31s)).is == standing::closed);
    BOOST_TEST(health.failures_in_row() == 0U);
}

BOOST_AUTO_TEST_CASE(failed_trials_double_the_ejection_up_to_five_minutes) {
    breaker health;
    fail_times(health, 5, at(0s));
    auto now = at(30s);
    for (const auto rest : {60s, 120s, 240s, 300s, 300s}) {
        BOOST_REQUIRE(health.try_trial(now));
        health.failed(permit::trial, now);
        BOOST_TEST(health.look(now).remaining.count() == milliseconds{rest}.count());
        now += rest;
    }
    BOOST_REQUIRE(health.try_trial(now));
    health.answered(permit::trial);
    fail_times(health, 5, now);
    BOOST_TEST(health.look(now).remaining.count() == 30'000);
}

BOOST_AUTO_TEST_CASE(stragglers_from_before_the_ejection_decide_nothing) {
    breaker health;
    fail_times(health, 5, at(0s));
    fail_times(health, 50, at(20s));
    BOOST_TEST(health.look(at(20s)).remaining.count() == 10'000);
    health.answered(permit::normal);
    health.completed(permit::normal);
    BOOST_TEST(health.look(at(20s)).is == standing::open);
}

BOOST_AUTO_TEST_CASE(
    a_least_bad_attempt_that_succeeds_ends_the_ejection_one_that_fails_does_not_prolong_it
) {
    breaker health;
    fail_times(health, 5, at(0s));
    health.failed(permit::least_bad, at(10s));
    BOOST_TEST(health.look(at(10s)).remaining.count() == 20'000);
    health.answered(permit::least_bad);
    BOOST_TEST(health.look(at(10s)).is == standing::closed);
}

BOOST_AUTO_TEST_CASE(a_trial_that_is_never_told_of_is_forgotten) {
    breaker health;
    fail_times(health, 5, at(0s));
    BOOST_TEST(health.try_trial(at(30s)));
    BOOST_TEST(!health.try_trial(at(59s)));
    BOOST_TEST(health.try_trial(at(60s)));
}

BOOST_AUTO_TEST_CASE(an_abandoned_trial_is_free_again_at_once) {
    breaker health;
    fail_times(health, 5, at(0s));
    BOOST_TEST(health.try_trial(at(30s)));
    health.abandoned(permit::trial, at(31s));
    BOOST_TEST(health.look(at(31s)).is == standing::half_open);
    BOOST_TEST(health.try_trial(at(31s)));
}

BOOST_AUTO_TEST_SUITE_END()
