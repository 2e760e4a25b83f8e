#include "routing/target_state.hpp"
#include "tests/threads/racing.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <string>

using namespace spillway::routing;
using namespace std::chrono_literals;
using spillway::test::race;

namespace {

constexpr time_point start = time_point{} + 100h;

}  // namespace

BOOST_AUTO_TEST_SUITE(state_threads)

BOOST_AUTO_TEST_CASE(a_trial_has_exactly_one_winner) {
    for (int round = 0; round < 300; ++round) {
        breaker health;
        for (int i = 0; i < 5; ++i)
            health.failed(permit::normal, start);
        std::atomic<int> winners{0};
        race(6, [&](std::size_t) {
            for (int i = 0; i < 20; ++i)
                winners += health.try_trial(start + 30s) ? 1 : 0;
        });
        BOOST_TEST(winners == 1);
    }
}

BOOST_AUTO_TEST_CASE(failures_from_all_threads_open_it_once_and_not_for_longer) {
    for (int round = 0; round < 300; ++round) {
        breaker health;
        race(6, [&](std::size_t) {
            for (int i = 0; i < 10; ++i)
                health.failed(permit::normal, start);
        });
        BOOST_TEST(health.look(start).remaining.count() == 30'000);
        BOOST_TEST(health.failures_in_row() == breaker::failures_to_open);
    }
}

BOOST_AUTO_TEST_CASE(no_failure_is_lost_while_four_threads_count_four) {
    for (int round = 0; round < 300; ++round) {
        breaker health;
        race(4, [&](std::size_t) { health.failed(permit::normal, start); });
        BOOST_TEST(health.failures_in_row() == 4U);
    }
}

BOOST_AUTO_TEST_CASE(the_longest_of_racing_rests_stays) {
    for (int round = 0; round < 300; ++round) {
        cool_down place;
        race(4, [&](std::size_t thread) {
            for (int i = 1; i <= 50; ++i)
                place.rest(milliseconds{1000 * i + 100 * static_cast<int>(thread)}, start);
        });
        BOOST_TEST(place.remaining(start).count() == 50'300);
    }
}

BOOST_AUTO_TEST_CASE(an_average_never_shows_a_value_that_nobody_measured_between) {
    ewma average;
    average.add(100, start);
    std::atomic<int> outside{0};
    race(4, [&](std::size_t thread) {
        for (int i = 0; i < 20'000; ++i) {
            if (thread % 2 == 0) average.add(i % 2 == 0 ? 100.F : 200.F, start + milliseconds{i});
            const auto seen = average.value();
            if (!seen || *seen < 100.F || *seen > 200.F) ++outside;
        }
    });
    BOOST_TEST(outside == 0);
}

BOOST_AUTO_TEST_CASE(outcomes_told_from_all_threads_leave_a_consistent_state) {
    account_state account;
    auto& target = account.unnamed[0];
    race(4, [&](std::size_t thread) {
        for (int i = 0; i < 5'000; ++i) {
            const auto kind =
                static_cast<outcome_kind>((static_cast<std::size_t>(i) + thread) % 19);
            record(target, account, permit::normal, {.kind = kind}, start + milliseconds{i});
            const auto place = target.in_flight.try_enter(0);
        }
    });
    BOOST_TEST(target.in_flight.inside() == 0U);
    BOOST_TEST(target.rate_rest.remaining(start + 5s).count() <= 5'000);
    BOOST_TEST(target.health.failures_in_row() <= breaker::failures_to_open);
}

BOOST_AUTO_TEST_CASE(a_registry_makes_one_state_a_name_for_all_threads) {
    state_registry states;
    std::array<target_state*, 4> seen{};
    race(seen.size(), [&](std::size_t thread) {
        for (int i = 0; i < 200; ++i)
            seen[thread] = &states.target("openai", "model-" + std::to_string(i));
    });
    for (const auto* each : seen)
        BOOST_TEST(each == seen[0]);
}

BOOST_AUTO_TEST_SUITE_END()
