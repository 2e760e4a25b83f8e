#include "proxy/base/http_date.hpp"

#include <boost/test/unit_test.hpp>

#include <ctime>
#include <string>

namespace {

using namespace spillway;

// The same second in the words of the C library; the test program's locale is "C".
std::string by_library(std::int64_t second) {
    const std::time_t at = second;
    std::tm parts{};
    gmtime_r(&at, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_dates)

BOOST_AUTO_TEST_CASE(the_text_is_the_second_that_it_names) {
    base::http_date date;
    const std::int64_t before = std::time(nullptr) - 1;  // the coarse clock may be behind
    const std::string text{date.text()};
    BOOST_TEST(text == by_library(date.second()));
    BOOST_TEST(text.size() == 29U);
    BOOST_TEST(date.second() >= before);
    BOOST_TEST(date.second() <= std::time(nullptr));
}

BOOST_AUTO_TEST_CASE(the_text_follows_the_clock) {
    base::http_date date;
    (void)date.text();
    const std::int64_t first = date.second();
    std::string text;
    while (date.second() == first)
        text = date.text();
    BOOST_TEST(text == by_library(date.second()));
}

BOOST_AUTO_TEST_SUITE_END()
