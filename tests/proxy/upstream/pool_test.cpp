#include "proxy/upstream/pool.hpp"
#include "tests/proxy/upstream/wired.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using tests::raw_socket;
using upstream::origin_id;

constexpr origin_id here{0};
constexpr origin_id there{3};

struct parking_lot {
    tests::loop_runner runner;
    upstream::pool pool;
    std::vector<raw_socket> others;

    explicit parking_lot(upstream::pool_limits limits = {}) : pool{runner.wheel(), limits} {}

    // A connection that has served one request, its other end last in `others`.
    std::unique_ptr<upstream::connection> open(origin_id where = here) {
        tests::socket_pair pair = tests::tcp_pair();
        others.push_back(std::move(pair.theirs));
        auto made = tests::connection_over(runner, pair.ours, where);
        made->count_request();
        return made;
    }
    upstream::connection* park(origin_id where = here) {
        auto made = open(where);
        upstream::connection* const at = made.get();
        pool.give_back(std::move(made));
        return at;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pools)

BOOST_AUTO_TEST_CASE(last_in_is_first_out) {
    parking_lot lot;
    upstream::connection* const first = lot.park();
    upstream::connection* const second = lot.park();
    BOOST_TEST(lot.pool.parked() == 2U);
    const auto warm = lot.pool.take(here);
    BOOST_TEST(warm.get() == second);
    const auto next = lot.pool.take(here);
    BOOST_TEST(next.get() == first);
    BOOST_TEST(lot.pool.take(here) == nullptr);
}

BOOST_AUTO_TEST_CASE(connections_are_kept_apart_by_origin) {
    parking_lot lot;
    upstream::connection* const at = lot.park(there);
    BOOST_TEST(lot.pool.take(here) == nullptr);
    BOOST_TEST(lot.pool.take(origin_id{7}) == nullptr);
    const auto taken = lot.pool.take(there);
    BOOST_TEST(taken.get() == at);
    BOOST_TEST((taken->where() == there));
}

BOOST_AUTO_TEST_CASE(readable_while_parked_is_dead) {
    parking_lot lot;
    lot.park();
    lot.others.back().write("HTTP/1.1 200 OK\r\n\r\n");
    lot.runner.until([&] { return lot.pool.parked() == 0; });
    BOOST_TEST(lot.pool.take(here) == nullptr);
}

// The reactor reports the first arming of a descriptor at once, whether anything came or not.
BOOST_AUTO_TEST_CASE(an_event_that_is_no_news_costs_no_connection) {
    parking_lot lot;
    lot.park();
    lot.runner.settle();
    BOOST_TEST(lot.pool.parked() == 1U);
    lot.others.back().write("x");
    lot.runner.until([&] { return lot.pool.parked() == 0; });
    lot.park();
    lot.runner.settle();
    const auto taken = lot.pool.take(here);
    BOOST_TEST(taken != nullptr);
}

BOOST_AUTO_TEST_CASE(closed_or_reset_while_parked_is_dropped) {
    parking_lot lot;
    lot.park();
    lot.others.back().close();
    lot.runner.until([&] { return lot.pool.parked() == 0; });
    lot.park();
    lot.others.back().reset();
    lot.runner.until([&] { return lot.pool.parked() == 0; });
}

BOOST_AUTO_TEST_CASE(only_the_dead_one_is_dropped) {
    parking_lot lot;
    upstream::connection* const first = lot.park();
    lot.park();
    upstream::connection* const third = lot.park();
    lot.others[1].close();
    lot.runner.until([&] { return lot.pool.parked() == 2; });
    const auto one = lot.pool.take(here);
    BOOST_TEST(one.get() == third);
    const auto other = lot.pool.take(here);
    BOOST_TEST(other.get() == first);
}

// An octet behind the last answer would be read as the beginning of the next one (R-U6).
BOOST_AUTO_TEST_CASE(octets_left_unread_keep_a_connection_from_being_parked) {
    parking_lot lot;
    auto used = lot.open();
    lot.others.back().write("HTTP/1.1 200 poison\r\n\r\n");
    lot.pool.give_back(std::move(used));
    BOOST_TEST(lot.pool.parked() == 0U);
    BOOST_TEST(lot.others.back().read() == "");
}

BOOST_AUTO_TEST_CASE(what_comes_between_the_last_look_and_parking_is_noticed_by_the_watch) {
    parking_lot lot;
    auto used = lot.open();
    std::array<char, 16> room;
    BOOST_TEST((used->stream.try_read(room).what == net::io_step::state::wants_read));
    lot.others.back().write("late");
    lot.pool.give_back(std::move(used));
    lot.runner.until([&] { return lot.pool.parked() == 0; });
}

BOOST_AUTO_TEST_CASE(no_more_are_parked_than_the_limit) {
    upstream::pool_limits limits;
    limits.parked = 2;
    parking_lot lot{limits};
    lot.park();
    lot.park();
    lot.park();
    BOOST_TEST(lot.pool.parked() == 2U);
    BOOST_TEST(lot.others.back().read() == "");
    lot.park(there);
    BOOST_TEST(lot.pool.parked() == 3U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_has_served_enough_is_closed) {
    upstream::pool_limits limits;
    limits.requests = 2;
    parking_lot lot{limits};
    lot.park();
    auto again = lot.pool.take(here);
    BOOST_TEST(!again->is_reused());
    again->count_request();
    BOOST_TEST(again->is_reused());
    lot.pool.give_back(std::move(again));
    BOOST_TEST(lot.pool.parked() == 0U);
    BOOST_TEST(lot.others.back().read() == "");
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_by_us) {
    upstream::pool_limits limits;
    limits.idle = 0s;
    parking_lot lot{limits};
    lot.park();
    BOOST_TEST(lot.pool.parked() == 1U);
    lot.runner.until([&] { return lot.pool.parked() == 0; });
    BOOST_TEST(lot.others.back().read() == "");
}

// The watch over a parked connection must not fire while somebody uses it.
BOOST_AUTO_TEST_CASE(a_taken_connection_is_not_watched_any_more) {
    upstream::pool_limits limits;
    limits.idle = 0s;
    parking_lot lot{limits};
    lot.park();
    const auto taken = lot.pool.take(here);
    BOOST_REQUIRE(taken != nullptr);
    lot.park(there);
    lot.others.front().write("an answer");
    lot.runner.until([&] { return lot.pool.parked() == 0; });
    std::array<char, 16> room;
    const net::io_step step = taken->stream.try_read(room);
    BOOST_TEST((step.what == net::io_step::state::moved));
    BOOST_TEST(step.octets == 9U);
}

BOOST_AUTO_TEST_CASE(a_lease_closes_its_connection_unless_it_was_given_back) {
    parking_lot lot;
    {
        const upstream::lease unused;
        BOOST_TEST(!unused);
        const upstream::lease dropped{lot.pool, lot.open()};
        BOOST_TEST(static_cast<bool>(dropped));
    }
    BOOST_TEST(lot.pool.parked() == 0U);
    BOOST_TEST(lot.others.back().read() == "");
    {
        upstream::lease kept{lot.pool, lot.open()};
        kept.give_back();
        BOOST_TEST(!kept);
    }
    BOOST_TEST(lot.pool.parked() == 1U);
}

BOOST_AUTO_TEST_CASE(a_pool_that_is_cleared_closes_everything) {
    parking_lot lot;
    lot.park();
    lot.park(there);
    lot.pool.clear();
    BOOST_TEST(lot.pool.parked() == 0U);
    for (const raw_socket& other : lot.others)
        BOOST_TEST(other.read() == "");
}

BOOST_AUTO_TEST_SUITE_END()
