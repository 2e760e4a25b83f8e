#include "proxy/net/slab_store.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
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

namespace {

void touch(std::byte* slab) {
    std::memset(slab, 1, slab_store::slab_octets);
}

// A wave of requests that takes so many slabs and gives them back.
std::vector<std::byte*> wave(slab_store& store, int slabs) {
    std::vector<std::byte*> held;
    for (int i = 0; i < slabs; ++i) {
        held.push_back(store.take());
        touch(held.back());
    }
    for (std::byte* const one : held)
        store.give_back(one);
    return held;
}

int count_with_memory(const std::vector<std::byte*>& slabs) {
    return static_cast<int>(std::ranges::count_if(slabs, has_memory));
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_waves_of_requests_use_again_and_again_keeps_its_memory) {
    slab_store store;
    const std::vector<std::byte*> all = wave(store, 100);
    for (int i = 0; i < 3; ++i) {
        store.tidy();
        wave(store, 100);
        BOOST_TEST(count_with_memory(all) == 100);
    }
}

BOOST_AUTO_TEST_CASE(what_no_wave_has_used_between_two_tidyings_loses_its_memory) {
    slab_store store;
    const std::vector<std::byte*> all = wave(store, 100);
    store.tidy();
    wave(store, 30);
    store.tidy();
    BOOST_TEST(count_with_memory(all) == 30);
    BOOST_TEST(store.has_spare());
    store.tidy();
    BOOST_TEST(count_with_memory(all) > 0);  // a few stay warm
    BOOST_TEST(count_with_memory(all) < 10);
    BOOST_TEST(!store.has_spare());
}

BOOST_AUTO_TEST_SUITE_END()
