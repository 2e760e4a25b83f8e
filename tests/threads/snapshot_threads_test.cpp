#include "routing/snapshot.hpp"
#include "tests/threads/racing.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <deque>
#include <exception>
#include <memory>

using namespace spillway::routing;
using spillway::test::race;

namespace {

std::atomic<int> alive{0};

// Two numbers that belong together: a torn or freed value shows.
struct value {
    explicit value(int version_) : version{version_}, check{version_ * 7 + 42} { ++alive; }
    value(const value&) = delete;
    value& operator=(const value&) = delete;
    ~value() {
        check = -1;
        --alive;
    }
    bool is_whole() const { return check == version * 7 + 42; }

    int version;
    int check;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(snapshot_threads)

BOOST_AUTO_TEST_CASE(readers_that_hold_old_pins_see_whole_values_that_never_go_back) {
    constexpr std::size_t readers = 3;
    constexpr int publications = 20'000;
    {
        snapshot_publisher<value> publisher{readers, std::make_shared<value>(0)};
        std::atomic<bool> is_over{false};
        std::atomic<int> bad{0};
        race(readers + 1, [&](std::size_t thread) {
            if (thread == readers) {
                for (int i = 1; i <= publications; ++i)
                    publisher.publish(std::make_shared<value>(i));
                is_over = true;
                return;
            }
            auto& reader = publisher.reader(thread);
            std::deque<snapshot_reader<value>::pin> held;
            int last = 0;
            while (!is_over || last < publications) {
                held.push_back(reader.current());
                const auto& newest = *held.back();
                if (!newest.is_whole() || newest.version < last) ++bad;
                last = newest.version;
                if (!held.front()->is_whole()) ++bad;
                if (held.size() > 7) held.pop_front();
            }
        });
        BOOST_TEST(bad == 0);
        BOOST_TEST(alive == 1);
    }
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(several_writers_leave_every_reader_with_the_same_last_value) {
    snapshot_publisher<value> publisher{2, std::make_shared<value>(0)};
    race(4, [&](std::size_t thread) {
        for (int i = 0; i < 5'000; ++i) {
            if (thread < 2) {
                const auto pinned = publisher.reader(thread).current();
                if (!pinned->is_whole()) std::terminate();
            } else {
                publisher.publish(std::make_shared<value>(i));
            }
        }
    });
    const auto latest = publisher.latest()->version;
    BOOST_TEST(publisher.reader(0).current()->version == latest);
    BOOST_TEST(publisher.reader(1).current()->version == latest);
}

BOOST_AUTO_TEST_SUITE_END()
