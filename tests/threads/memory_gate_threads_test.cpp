#include "proxy/base/memory_gate.hpp"
#include "tests/threads/racing.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using spillway::base::memory_gate;
using spillway::test::race;

BOOST_AUTO_TEST_SUITE(memory_gate_threads)

BOOST_AUTO_TEST_CASE(never_more_is_given_out_than_there_is_and_all_of_it_comes_back) {
    constexpr std::size_t most = 900;
    memory_gate gate{1000, 0};
    std::atomic<std::size_t> held{0};
    std::atomic<int> too_much{0};
    std::atomic<int> given{0};
    race(6, [&](std::size_t who) {
        for (std::size_t i = 0; i < 20'000; ++i) {
            const std::size_t octets = 100 + 50 * ((who + i) % 5);
            memory_gate::share mine = gate.try_take(octets);
            if (!mine) continue;
            ++given;
            if (held.fetch_add(octets) + octets > most) ++too_much;
            held.fetch_sub(octets);
        }
    });
    BOOST_TEST(too_much == 0);
    BOOST_TEST(given > 0);
    BOOST_TEST(gate.promised() == 0U);
    BOOST_TEST(static_cast<bool>(gate.try_take(most)));
}

BOOST_AUTO_TEST_SUITE_END()
