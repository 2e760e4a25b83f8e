#include "routing/cool_down.hpp"
#include "tests/routing/small_world.hpp"

using namespace spillway::routing;
using namespace spillway::routing::test;

namespace {

milliseconds rest_after(std::optional<milliseconds> stated) {
    cool_down place;
    place.rest(stated, at(0ms));
    return place.remaining(at(0ms));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cool_down_)

BOOST_AUTO_TEST_CASE(a_stated_time_is_kept) {
    BOOST_TEST(rest_after(90s).count() == 90'000);
    BOOST_TEST(rest_after(1500ms).count() == 1500);
}

BOOST_AUTO_TEST_CASE(nothing_or_nonsense_means_five_seconds_and_the_cap_is_ten_minutes) {
    BOOST_TEST(rest_after(std::nullopt).count() == 5000);
    BOOST_TEST(rest_after(-1ms).count() == 5000);
    BOOST_TEST(rest_after(milliseconds::min()).count() == 5000);
    BOOST_TEST(rest_after(24h).count() == 600'000);
    BOOST_TEST(rest_after(milliseconds::max()).count() == 600'000);
}

BOOST_AUTO_TEST_CASE(zero_is_taken_at_its_word_but_does_not_invite_hammering) {
    BOOST_TEST(rest_after(0ms).count() == 100);
}

BOOST_AUTO_TEST_CASE(a_rest_runs_out_and_what_is_left_is_rounded_up) {
    cool_down place;
    BOOST_TEST(!place.is_resting(at(0ms)));
    place.rest(2s, at(0ms));
    BOOST_TEST(place.remaining(at(500ms)).count() == 1500);
    BOOST_TEST(place.remaining(at(1999ms) + 500us).count() == 1);
    BOOST_TEST(!place.is_resting(at(2s)));
}

BOOST_AUTO_TEST_CASE(a_shorter_rest_never_ends_a_longer_one) {
    cool_down place;
    place.rest(60s, at(0ms));
    place.rest(1s, at(1s));
    BOOST_TEST(place.remaining(at(1s)).count() == 59'000);
    place.rest(120s, at(2s));
    BOOST_TEST(place.remaining(at(2s)).count() == 120'000);
}

BOOST_AUTO_TEST_SUITE_END()
