#include "proxy/observe/access_log.hpp"
#include "tests/threads/racing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

using namespace spillway::observe;
using spillway::test::race;

namespace {

// Reads what is written to the other end, on a thread of its own, and counts the lines.
class line_counter {
public:
    line_counter() {
        BOOST_REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
        reader_ = std::thread{[this] {
            std::array<char, 65536> room;
            for (;;) {
                const ssize_t got = ::read(ends_[0], room.data(), room.size());
                if (got <= 0) break;
                lines_ +=
                    static_cast<std::uint64_t>(std::count(room.data(), room.data() + got, '\n'));
            }
            ::close(ends_[0]);
        }};
    }
    int end() const noexcept { return ends_[1]; }
    // REQUIRES: the writing end is closed.
    std::uint64_t join() {
        reader_.join();
        return lines_;
    }

private:
    int ends_[2];
    std::uint64_t lines_ = 0;
    std::thread reader_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(access_log_threads)

BOOST_AUTO_TEST_CASE(every_line_is_written_or_counted_as_dropped) {
    constexpr std::size_t workers = 4;
    constexpr int requests = 20'000;
    std::array<counters, workers> counts;
    line_counter file;
    {
        access_log log{file.end(), {&counts[0], &counts[1], &counts[2], &counts[3]}};
        race(workers, [&](std::size_t worker) {
            request_record record;
            record.id.fill('i');
            for (int i = 0; i < requests; ++i)
                log.of_worker(worker).write(record);
        });
    }
    std::uint64_t dropped = 0;
    for (const counters& one : counts)
        dropped += one.value(counter::log_lines_dropped);
    BOOST_TEST(file.join() + dropped == workers * requests);
}

BOOST_AUTO_TEST_CASE(counters_are_read_while_they_count) {
    counters count;
    std::map<std::string, std::uint64_t, std::less<>> faults;
    race(2, [&](std::size_t who) {
        std::uint64_t last = 0;
        for (int i = 0; i < 20'000; ++i) {
            if (who == 0) {
                count.add(counter::requests);
                count.add_fault("cut");
                continue;
            }
            const std::uint64_t now = count.value(counter::requests);
            if (now < last) std::abort();
            last = now;
            if (i % 100 == 0) count.collect_faults(faults);
        }
    });
    BOOST_TEST(count.value(counter::requests) == 20'000U);
    faults.clear();
    count.collect_faults(faults);
    BOOST_TEST(faults["cut"] == 20'000U);
}

BOOST_AUTO_TEST_SUITE_END()
