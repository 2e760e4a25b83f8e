#include "proxy/upstream/pool_rules.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using upstream::parking;

const base::time_point start{1000h};

parking decide(std::uint32_t requests, std::size_t parked, base::duration age) {
    const upstream::pool_limits limits{2, 55s, 30min, 3};
    return upstream::may_park(limits, {start, requests}, parked, start + age);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_rules)

BOOST_AUTO_TEST_CASE(a_young_connection_with_room_is_kept) {
    BOOST_TEST((decide(1, 0, 0s) == parking::keep));
    BOOST_TEST((decide(2, 1, 30min - 1ns) == parking::keep));
}

BOOST_AUTO_TEST_CASE(each_limit_retires_at_its_value) {
    BOOST_TEST((decide(3, 0, 0s) == parking::retire));
    BOOST_TEST((decide(1, 2, 0s) == parking::retire));
    BOOST_TEST((decide(1, 0, 30min) == parking::retire));
}

// Load balancers close at sixty seconds; whoever closes first must be us.
BOOST_AUTO_TEST_CASE(the_default_idle_time_is_below_a_minute) {
    BOOST_TEST((upstream::pool_limits{}.idle < 60s));
}

BOOST_AUTO_TEST_SUITE_END()
