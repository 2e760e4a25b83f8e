#include "proxy/base/memory_gate.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

namespace {

using namespace spillway;
using base::memory_gate;

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_gates)

// R-P9: new requests are refused from 90 % of the cap.
BOOST_AUTO_TEST_CASE(nine_tenths_of_the_cap_are_given_out_above_what_is_resident) {
    memory_gate gate{1000, 100};
    BOOST_TEST(gate.is_bounded());
    const memory_gate::share most = gate.try_take(800);
    BOOST_TEST(static_cast<bool>(most));
    BOOST_TEST(most.octets() == 800U);
    BOOST_TEST(!gate.try_take(1));
    BOOST_TEST(gate.promised() == 800U);
}

BOOST_AUTO_TEST_CASE(what_is_refused_takes_nothing) {
    memory_gate gate{1000, 0};
    BOOST_TEST(!gate.try_take(901));
    BOOST_TEST(gate.promised() == 0U);
    BOOST_TEST(static_cast<bool>(gate.try_take(900)));
    BOOST_TEST(gate.promised() == 0U);  // given back when the share went
}

BOOST_AUTO_TEST_CASE(a_share_is_given_back_once_however_it_moves) {
    memory_gate gate{1000, 0};
    memory_gate::share one = gate.try_take(100);
    memory_gate::share other = gate.try_take(200);
    memory_gate::share moved{std::move(one)};
    BOOST_TEST(!one);
    BOOST_TEST(one.octets() == 0U);
    BOOST_TEST(gate.promised() == 300U);
    moved = std::move(other);
    BOOST_TEST(moved.octets() == 200U);
    moved.release();
    moved.release();
    other.release();
    BOOST_TEST(gate.promised() == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_cap_there_is_no_bound) {
    memory_gate gate{0, 100};
    BOOST_TEST(!gate.is_bounded());
}

BOOST_AUTO_TEST_SUITE_END()
