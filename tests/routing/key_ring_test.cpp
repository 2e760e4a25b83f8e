#include "routing/access/key_ring.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace spillway::routing;
using namespace std::chrono_literals;

namespace {

key_digest digest_of(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    key_digest made;
    for (auto& octet : made)
        octet = static_cast<std::uint8_t>(random());
    return made;
}

key_ring::entry entry_of(std::string name, const key_digest& digest) {
    key_ring::entry made{digest, {}};
    made.key.name = std::move(name);
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(key_ring_)

BOOST_AUTO_TEST_CASE(every_key_is_found_by_its_digest_and_by_its_id) {
    std::vector<key_ring::entry> entries;
    for (std::uint64_t i = 0; i < 500; ++i)
        entries.push_back(entry_of(std::to_string(i), digest_of(i)));
    const key_ring ring{std::move(entries)};
    BOOST_TEST(ring.size() == 500U);
    for (std::uint64_t i = 0; i < 500; ++i) {
        const auto* key = ring.find(digest_of(i));
        BOOST_REQUIRE(key != nullptr);
        BOOST_TEST(key->name == std::to_string(i));
        BOOST_TEST(&ring[key->id] == key);
    }
}

BOOST_AUTO_TEST_CASE(a_digest_that_differs_in_any_one_bit_is_another) {
    const auto known = digest_of(7);
    const key_ring ring{{entry_of("only", known)}};
    for (std::size_t bit = 0; bit < known.size() * 8; ++bit) {
        auto other = known;
        other[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        BOOST_TEST(!same_digest(known, other));
        BOOST_TEST(ring.find(other) == nullptr);
    }
    BOOST_TEST(same_digest(known, digest_of(7)));
}

BOOST_AUTO_TEST_CASE(digests_that_begin_alike_are_told_apart) {
    auto one = digest_of(1);
    auto two = one;
    two[31] ^= 1;
    const key_ring ring{{entry_of("one", one), entry_of("two", two)}};
    BOOST_TEST(ring.find(one)->name == "one");
    BOOST_TEST(ring.find(two)->name == "two");
}

BOOST_AUTO_TEST_CASE(an_empty_ring_knows_nobody) {
    BOOST_TEST(key_ring{}.find(digest_of(1)) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_key_expires_at_its_instant_and_not_before) {
    client_key key;
    BOOST_TEST(!key.is_expired(wall_time::max()));
    key.expires = wall_time{} + 100s;
    BOOST_TEST(!key.is_expired(wall_time{} + 99s));
    BOOST_TEST(key.is_expired(wall_time{} + 100s));
}

BOOST_AUTO_TEST_SUITE_END()
