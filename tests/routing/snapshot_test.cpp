#include "routing/snapshot.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

using namespace spillway::routing;

namespace {

// Counts how many are alive, so that a leak or an early end shows.
struct counted {
    explicit counted(int version_, int& alive_) : version{version_}, alive{alive_} { ++alive; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --alive; }

    int version;
    int& alive;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(snapshot)

BOOST_AUTO_TEST_CASE(a_pin_keeps_its_generation_while_newer_ones_are_read) {
    int alive = 0;
    {
        snapshot_publisher<counted> publisher{1, std::make_shared<counted>(1, alive)};
        auto& reader = publisher.reader(0);
        auto old = reader.current();
        publisher.publish(std::make_shared<counted>(2, alive));
        BOOST_TEST(reader.current()->version == 2);
        BOOST_TEST(old->version == 1);
        BOOST_TEST(alive == 2);
        old = reader.current();
        BOOST_TEST(old->version == 2);
        BOOST_TEST(alive == 1);
    }
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(a_generation_nobody_looked_at_is_gone_with_the_next) {
    int alive = 0;
    snapshot_publisher<counted> publisher{2, std::make_shared<counted>(1, alive)};
    publisher.publish(std::make_shared<counted>(2, alive));
    publisher.publish(std::make_shared<counted>(3, alive));
    BOOST_TEST(alive == 2);  // the first, which both readers still hold, and the third
    BOOST_TEST(publisher.reader(0).current()->version == 3);
    BOOST_TEST(publisher.reader(1).current()->version == 3);
    BOOST_TEST(alive == 1);
    BOOST_TEST(publisher.latest()->version == 3);
}

BOOST_AUTO_TEST_CASE(several_pins_of_one_generation_end_it_together) {
    int alive = 0;
    snapshot_publisher<counted> publisher{1, std::make_shared<counted>(1, alive)};
    auto& reader = publisher.reader(0);
    {
        const auto one = reader.current();
        {
            auto two = reader.current();
            const auto moved = std::move(two);
            publisher.publish(std::make_shared<counted>(2, alive));
            BOOST_TEST(reader.current()->version == 2);
            BOOST_TEST(moved->version == 1);
        }
        BOOST_TEST(alive == 2);
        BOOST_TEST(one->version == 1);
    }
    BOOST_TEST(alive == 1);
}

BOOST_AUTO_TEST_SUITE_END()
