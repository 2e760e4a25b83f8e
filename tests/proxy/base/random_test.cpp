#include "proxy/base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <set>

namespace {

using namespace spillway;

}  // namespace

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(one_seed_gives_one_sequence) {
    base::random_source one{42};
    base::random_source same{42};
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(one() == same());
}

// Worker n is seeded with seed + n: neighbours must not walk together.
BOOST_AUTO_TEST_CASE(neighbouring_seeds_have_nothing_in_common) {
    std::set<std::uint64_t> drawn;
    for (std::uint64_t seed = 0; seed < 16; ++seed) {
        base::random_source source{seed};
        for (int i = 0; i < 100; ++i)
            drawn.insert(source());
    }
    BOOST_TEST(drawn.size() == 1600U);
}

BOOST_AUTO_TEST_CASE(every_bit_is_set_about_half_of_the_time) {
    base::random_source source{7};
    int set[64] = {};
    constexpr int draws = 10'000;
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t drawn = source();
        for (int bit = 0; bit < 64; ++bit)
            set[bit] += static_cast<int>(drawn >> bit & 1);
    }
    // Six standard deviations of fifty each.
    for (const int count : set) {
        BOOST_TEST(count > draws / 2 - 300);
        BOOST_TEST(count < draws / 2 + 300);
    }
}

BOOST_AUTO_TEST_SUITE_END()
