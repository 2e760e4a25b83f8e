#include "routing/limit/gate.hpp"
#include "routing/limit/retry_budget.hpp"
#include "tests/threads/racing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>

using namespace spillway::routing;
using spillway::test::race;

BOOST_AUTO_TEST_SUITE(limits_threads)

BOOST_AUTO_TEST_CASE(a_gate_never_holds_more_than_its_limit) {
    constexpr std::uint32_t limit = 3;
    gate door;
    std::atomic<std::uint32_t> inside{0};
    std::atomic<int> too_many{0};
    std::atomic<int> entered{0};
    race(6, [&](std::size_t) {
        for (int i = 0; i < 20'000; ++i) {
            const auto place = door.try_enter(limit);
            if (!place) continue;
            ++entered;
            if (++inside > limit) ++too_many;
            --inside;
        }
    });
    BOOST_TEST(too_many == 0);
    BOOST_TEST(entered > 0);
    BOOST_TEST(door.inside() == 0U);
}

BOOST_AUTO_TEST_CASE(of_many_askers_exactly_as_many_as_the_limit_get_in) {
    for (int round = 0; round < 200; ++round) {
        gate door;
        std::array<gate::pass, 8> places;
        race(places.size(), [&](std::size_t i) { places[i] = door.try_enter(5); });
        const auto inside = std::ranges::count_if(places, [](const auto& p) { return !!p; });
        BOOST_TEST(inside == 5);
    }
}

BOOST_AUTO_TEST_CASE(retries_never_exceed_the_budget_while_requests_come_and_go) {
    // Eight threads with at most six requests each: never more than 48 active, so never more than
    // max(3, 20 % of 48) = 9 retries.
    retry_budget budget;
    std::atomic<std::uint32_t> retrying{0};
    std::atomic<int> too_many{0};
    race(8, [&](std::size_t) {
        for (int i = 0; i < 3'000; ++i) {
            std::array<gate::pass, 6> requests;
            for (auto& each : requests)
                each = budget.enter_request();
            std::array<gate::pass, 6> retries;
            std::uint32_t mine = 0;
            for (auto& each : retries) {
                each = budget.try_retry();
                if (each && ++mine > 0 && ++retrying > 9) ++too_many;
            }
            retrying -= mine;
        }
    });
    BOOST_TEST(too_many == 0);
    BOOST_TEST(budget.active() == 0U);
    BOOST_TEST(budget.retrying() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
