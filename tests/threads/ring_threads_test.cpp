#include "proxy/base/ring.hpp"
#include "tests/threads/racing.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <sstream>
#include <string>

using spillway::base::ring;
using spillway::test::race;

BOOST_AUTO_TEST_SUITE(ring_threads)

// Small, so that it wraps and fills all the time. Records carry their number and a length of their own.
BOOST_AUTO_TEST_CASE(what_one_thread_pushes_the_other_drains_whole_and_in_order) {
    constexpr int records = 200'000;
    ring between{256};
    std::atomic<bool> done{false};
    std::string got;
    const auto keep = [&got](std::string_view part) {
        got.append(part);
    };
    int refused = 0;
    race(2, [&](std::size_t who) {
        if (who == 0) {
            for (int i = 0; i < records; ++i) {
                const std::string record =
                    std::to_string(i) + std::string(static_cast<std::size_t>(i % 40), '.') + '\n';
                if (!between.push(record)) ++refused;
            }
            done.store(true);
        } else {
            while (!done.load())
                between.drain(keep);
        }
    });
    between.drain(keep);
    std::istringstream lines{got};
    std::string line;
    int last = -1;
    int seen = 0;
    while (std::getline(lines, line)) {
        const int number = std::stoi(line);
        if (number <= last) BOOST_ERROR(number << " behind " << last);
        const std::string whole =
            std::to_string(number) + std::string(static_cast<std::size_t>(number % 40), '.');
        if (line != whole) BOOST_ERROR("torn: " << line);
        last = number;
        ++seen;
    }
    BOOST_TEST(seen + refused == records);
    BOOST_TEST(seen > 0);
}

BOOST_AUTO_TEST_SUITE_END()
