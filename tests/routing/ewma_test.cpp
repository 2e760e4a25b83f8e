#include "routing/ewma.hpp"
#include "tests/routing/small_world.hpp"

using namespace spillway::routing;
using namespace spillway::routing::test;

BOOST_AUTO_TEST_SUITE(ewma_)

BOOST_AUTO_TEST_CASE(nothing_is_known_before_the_first_sample_and_then_it_counts_whole) {
    ewma average;
    BOOST_TEST(!average.value());
    average.add(300, at(0ms));
    BOOST_TEST(*average.value() == 300);
    ewma zero;
    zero.add(0, time_point{});
    BOOST_TEST(*zero.value() == 0);
}

BOOST_AUTO_TEST_CASE(after_its_memory_a_new_sample_weighs_sixty_three_percent) {
    ewma average{10s};
    average.add(0, at(0s));
    average.add(1000, at(10s));
    BOOST_TEST(*average.value() == 632.1F, boost::test_tools::tolerance(0.001F));
}

BOOST_AUTO_TEST_CASE(a_burst_within_a_millisecond_still_moves_it) {
    ewma average;
    average.add(0, at(0ms));
    for (int i = 0; i < 100; ++i)
        average.add(1000, at(0ms));
    BOOST_TEST(*average.value() > 990);
}

BOOST_AUTO_TEST_CASE(a_sample_from_a_clock_a_little_behind_counts_as_no_time_passed) {
    ewma average{10s};
    average.add(100, at(1000ms));
    average.add(200, at(990ms));
    BOOST_TEST(*average.value() == 106.25F, boost::test_tools::tolerance(0.001F));
}

BOOST_AUTO_TEST_SUITE_END()
