#include "proxy/net/slab_store.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

#include <sys/mman.h>

namespace {

using spillway::net::slab_store;

bool has_memory(std::byte* slab) {
    constexpr std::size_t pages = slab_store::slab_octets / 4096;
    unsigned char resident[pages];
    BOOST_REQUIRE(mincore(slab, slab_store::slab_octets, resident) == 0);
    for (const unsigned char one : resident) {
        if ((one & 1) != 0) return true;
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(slabs)

BOOST_AUTO_TEST_CASE(slabs_are_aligned_and_distinct_over_several_regions) {
    slab_store store;
    std::set<std::byte*> all;
    for (int i = 0; i < 200; ++i) {
        std::byte* const one = store.take();
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(one) % slab_store::slab_octets == 0u);
        std::memset(one, 0xa5, slab_store::slab_octets);
        all.insert(one);
    }
    BOOST_TEST(all.size() == 200u);
    for (std::byte* const one : all)
        store.give_back(one);
    BOOST_TEST(store.out() == 0u);
}

BOOST_AUTO_TEST_CASE(what_comes_back_after_a_burst_has_no_memory_any_more) {
    slab_store store;
    std::vector<std::byte*> held;
    for (int i = 0; i < 100; ++i) {
        held.push_back(store.take());
        std::memset(held.back(), 1, slab_store::slab_octets);
    }
    for (std::byte* const one : held)
        store.give_back(one);
    int with_memory = 0;
    for (std::byte* const one : held)
        with_memory += has_memory(one);
    BOOST_TEST(with_memory > 0);  // a few stay warm
    BOOST_TEST(with_memory < 10);
}

BOOST_AUTO_TEST_SUITE_END()
