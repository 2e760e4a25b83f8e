#include "proxy/base/ring.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace spillway;

std::string drained(base::ring& from) {
    std::string text;
    from.drain([&text](std::string_view part) { text.append(part); });
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rings)

BOOST_AUTO_TEST_CASE(what_is_pushed_is_drained_in_order_and_once) {
    base::ring ring{16};
    BOOST_TEST(drained(ring) == "");
    BOOST_TEST(ring.push("ab"));
    BOOST_TEST(ring.push(""));
    BOOST_TEST(ring.push("cde"));
    BOOST_TEST(drained(ring) == "abcde");
    BOOST_TEST(drained(ring) == "");
}

BOOST_AUTO_TEST_CASE(a_record_is_taken_whole_or_not_at_all) {
    base::ring ring{8};
    BOOST_TEST(!ring.push("123456789"));
    BOOST_TEST(ring.push("12345"));
    BOOST_TEST(!ring.push("6789"));
    BOOST_TEST(ring.push("678"));
    BOOST_TEST(!ring.push("x"));
    BOOST_TEST(drained(ring) == "12345678");
    BOOST_TEST(ring.push("abcdefgh"));
    BOOST_TEST(drained(ring) == "abcdefgh");
}

BOOST_AUTO_TEST_CASE(records_wrap_around_the_end_at_every_offset) {
    base::ring ring{8};
    for (int i = 0; i < 100; ++i) {
        const std::string record(
            static_cast<std::size_t>(1 + i % 8), static_cast<char>('a' + i % 26)
        );
        BOOST_TEST(ring.push(record));
        BOOST_TEST(drained(ring) == record);
    }
}

BOOST_AUTO_TEST_CASE(a_record_is_written_in_place_where_there_is_one_stretch) {
    base::ring ring{8};
    BOOST_TEST(ring.claim(9) == nullptr);
    for (int i = 0; i < 100; ++i) {
        const auto size = static_cast<std::size_t>(1 + i % 8);
        const std::string record(size, static_cast<char>('a' + i % 26));
        if (char* const room = ring.claim(size)) {
            record.copy(room, size);
            BOOST_TEST(drained(ring) == "");
            ring.publish(size);
        } else {
            BOOST_TEST(ring.push(record));
        }
        BOOST_TEST(drained(ring) == record);
    }
    BOOST_TEST(ring.push("12345"));
    BOOST_TEST(ring.claim(4) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
