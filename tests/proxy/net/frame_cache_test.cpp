#include "proxy/net/frame_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace {

using spillway::net::frame_cache;

struct taken {
    void* memory;
    std::size_t octets;
    unsigned char mark;
};

taken take_marked(std::size_t octets, unsigned char mark) {
    void* const memory = frame_cache::take(octets);
    std::memset(memory, mark, octets);
    return {memory, octets, mark};
}

bool is_intact(const taken& one) {
    const auto* const at = static_cast<const unsigned char*>(one.memory);
    for (std::size_t i = 0; i < one.octets; ++i) {
        if (at[i] != one.mark) return false;
    }
    return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frame_cache_of_a_thread)

BOOST_AUTO_TEST_CASE(blocks_never_overlap_whatever_is_taken_and_given_back) {
    std::mt19937 random{7};
    std::vector<taken> held;
    for (unsigned step = 0; step < 20'000; ++step) {
        if (held.size() > 400 || (!held.empty() && random() % 3 == 0)) {
            const std::size_t which = random() % held.size();
            BOOST_REQUIRE(is_intact(held[which]));
            frame_cache::give_back(held[which].memory, held[which].octets);
            held[which] = held.back();
            held.pop_back();
        } else {
            held.push_back(take_marked(1 + random() % 9000, static_cast<unsigned char>(step)));
        }
    }
    for (const taken& one : held) {
        BOOST_REQUIRE(is_intact(one));
        frame_cache::give_back(one.memory, one.octets);
    }
}

BOOST_AUTO_TEST_CASE(a_burst_leaves_no_slabs_behind) {
    if (frame_cache::is_off()) return;
    const taken lasting = take_marked(5000, 2);
    const std::size_t before = frame_cache::slabs();
    std::vector<taken> held;
    for (int i = 0; i < 500; ++i)
        held.push_back(take_marked(5000, 1));
    BOOST_TEST(frame_cache::slabs() > before + 30);
    for (const taken& one : held)
        frame_cache::give_back(one.memory, one.octets);
    BOOST_TEST(frame_cache::slabs() <= before + 1);
    BOOST_TEST(is_intact(lasting));
    frame_cache::give_back(lasting.memory, lasting.octets);
}

BOOST_AUTO_TEST_CASE(the_keeper_is_told_once_a_wave_and_until_nothing_is_left_to_return) {
    if (frame_cache::is_off()) return;
    struct counter final : frame_cache::keeper {
        void has_spare() override { ++told; }
        int told = 0;
    } keeper;
    // A thread of its own: its cache has nothing to spare yet.
    std::thread{[&keeper] {
        frame_cache::set_keeper(&keeper);
        std::vector<taken> held;
        for (int i = 0; i < 500; ++i)
            held.push_back(take_marked(5000, 1));
        for (const taken& one : held)
            frame_cache::give_back(one.memory, one.octets);
        BOOST_TEST(keeper.told == 1);
        frame_cache::tidy();  // the wave has used them all
        BOOST_TEST(keeper.told == 2);
        frame_cache::tidy();
        BOOST_TEST(keeper.told == 2);
        frame_cache::set_keeper(nullptr);
    }}.join();
}

BOOST_AUTO_TEST_CASE(what_outlives_its_thread_may_be_given_back_by_another) {
    std::vector<taken> held;
    std::thread{[&held] {
        for (int i = 0; i < 40; ++i)
            held.push_back(take_marked(4000, 3));
    }}.join();
    for (const taken& one : held) {
        BOOST_TEST(is_intact(one));
        frame_cache::give_back(one.memory, one.octets);
    }
}

BOOST_AUTO_TEST_SUITE_END()
