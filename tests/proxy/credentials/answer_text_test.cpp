#include "proxy/credentials/answer_text.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace spillway::credentials;
using namespace std::chrono_literals;

}  // namespace

BOOST_AUTO_TEST_SUITE(answer_texts)

BOOST_AUTO_TEST_CASE(moments_are_read_to_the_second) {
    const auto at = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 18h + 1min + 2s;
    BOOST_TEST((read_moment("2026-11-20T18:01:02Z") == at));
    BOOST_TEST((read_moment("2026-11-20T18:01:02.345Z") == at));
}

BOOST_AUTO_TEST_CASE(what_is_no_moment_is_none) {
    for (const char* text :
         {"",
          "Z",
          "2026-11-20T18:01:02",
          "2026-13-20T18:01:02Z",
          "2026-11-31T18:01:02Z",
          "2026/11/20T18:01:02Z",
          "2026-11-2OT18:01:02Z",
          "20261120T180102Z",
          "never-ever-at-all-okZ"})
        BOOST_TEST(!read_moment(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_could_end_a_line_is_not_visible) {
    BOOST_TEST(is_visible("ya29.a-B_c"));
    for (const char* text : {"", "a b", "a\r\n", "a\x7f", "\xc3\xa4"})
        BOOST_TEST(!is_visible(text));
}

BOOST_AUTO_TEST_CASE(the_path_is_what_stands_behind_the_authority) {
    BOOST_TEST(path_of("https://h/token") == "/token");
    BOOST_TEST(path_of("https://h:1/a/b") == "/a/b");
    BOOST_TEST(path_of("https://h") == "/");
}

BOOST_AUTO_TEST_SUITE_END()
