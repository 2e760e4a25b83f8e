#include "proxy/base/bytes.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace spillway;

}  // namespace

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(find_says_what_string_view_says) {
    const std::string hay = std::string{"aaab"} + '\0' + "ab\xff";
    for (std::size_t begin = 0; begin <= hay.size(); ++begin) {
        for (std::size_t size = 0; begin + size <= hay.size(); ++size) {
            const std::string_view needle = std::string_view{hay}.substr(begin, size);
            BOOST_TEST(base::find(hay, needle) == hay.find(needle));
        }
    }
    BOOST_TEST(base::find(hay, "ba") == base::not_found);
    BOOST_TEST(base::find("", "a") == base::not_found);
    BOOST_TEST(base::find("", "") == 0U);
    BOOST_TEST(base::find("a", "ab") == base::not_found);
}

BOOST_AUTO_TEST_CASE(only_ascii_letters_are_compared_without_case) {
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const char left = static_cast<char>(a);
            const char right = static_cast<char>(b);
            const bool same_letter =
                (a | 0x20) == (b | 0x20) && (a | 0x20) >= 'a' && (a | 0x20) <= 'z';
            const bool said = base::equals_ignoring_case({&left, 1}, {&right, 1});
            if (said != (a == b || same_letter)) BOOST_ERROR(a << " against " << b);
        }
    }
    BOOST_TEST(base::equals_ignoring_case("Content-Type", "content-tYPE"));
    BOOST_TEST(!base::equals_ignoring_case("content-type", "content-typ"));
    BOOST_TEST(base::equals_ignoring_case("", ""));
}

BOOST_AUTO_TEST_CASE(a_known_word_begins_a_text_in_any_case_of_its_letters) {
    for (int c = 0; c < 256; ++c) {
        const char text[] = {'B', static_cast<char>(c), ' ', 'x'};
        const std::string_view view{text, sizeof text};
        const bool is_e = c == 'e' || c == 'E';
        if (base::begins_ignoring_case(view, "be ") != is_e) BOOST_ERROR("letter " << c);
        const char mark[] = {'a', static_cast<char>(c)};
        const std::string_view marked{mark, sizeof mark};
        if (base::begins_ignoring_case(marked, "a/") != (c == '/')) BOOST_ERROR("mark " << c);
    }
    BOOST_TEST(!base::begins_ignoring_case("bear", "bearer "));
    BOOST_TEST(!base::begins_ignoring_case("", "a"));
}

BOOST_AUTO_TEST_CASE(a_text_that_is_let_go_is_empty_and_holds_no_memory) {
    std::string text(1000, 'x');
    base::let_go(text);
    BOOST_TEST(text.empty());
    BOOST_TEST(text.capacity() == std::string{}.capacity());
}

BOOST_AUTO_TEST_CASE(trim_takes_blanks_and_tabs_at_the_ends_only) {
    BOOST_TEST(base::trim(" \t a b\t ") == "a b");
    BOOST_TEST(base::trim(" \t ") == "");
    BOOST_TEST(base::trim("") == "");
    BOOST_TEST(base::trim("\r\na\n") == "\r\na\n");
}

BOOST_AUTO_TEST_SUITE_END()
