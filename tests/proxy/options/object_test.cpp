#include "proxy/options/flagfile.hpp"
#include "proxy/options/object.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway::settings;

namespace {

using parts = std::vector<object_part>;

bool splits_into(std::string_view text, const parts& expected) {
    const parsed<parts> got = split_object(text);
    return got && *got == expected;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options_object)

BOOST_AUTO_TEST_CASE(parts_stand_between_commas) {
    BOOST_TEST(splits_into("openai", {{"openai", {}}}));
    BOOST_TEST(splits_into("openai,weight=2", {{"openai", {}}, {"weight", "2"}}));
    BOOST_TEST(splits_into("a=b:c=d", {{"a", "b:c=d"}}));
    BOOST_TEST(splits_into("a=", {{"a", ""}}));
}

BOOST_AUTO_TEST_CASE(quotes_keep_a_comma_in_a_value) {
    BOOST_TEST(splits_into(R"(a,h="X: 1, 2",b=c)", {{"a", {}}, {"h", "X: 1, 2"}, {"b", "c"}}));
    BOOST_TEST(splits_into(R"(h="say \"hi\" \\ \n")", {{"h", R"(say "hi" \ \n)"}}));
    BOOST_TEST(splits_into(R"("a,b",c)", {{"a,b", {}}, {"c", {}}}));
    BOOST_TEST(splits_into(R"(a=b"c)", {{"a", "b\"c"}}));
}

BOOST_AUTO_TEST_CASE(broken_objects_are_refused) {
    for (const char* wrong :
         {"", ",", "a,", ",a", "a,,b", "=x", "a=\"b", "a=\"b\"c", "\"a\"=b", "a,=b"}) {
        BOOST_TEST(!split_object(wrong), wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_printed_value_reads_back_the_same) {
    for (const char* value :
         {"plain",
          "a,b",
          "a\"b",
          "\"",
          "\\",
          "a\\\"b",
          " edge ",
          "#x",
          "a #b",
          "a;b",
          "\\\\",
          "a=b"}) {
        BOOST_TEST(splits_into(std::string{"k="} + object_value(value), {{"k", value}}), value);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_key_lists_the_known_ones_and_the_nearest) {
    constexpr std::string_view names[] = {"weight", "url"};
    const problem why = unknown_key({"wieght", "1"}, names);
    BOOST_TEST(why.what == "unknown key wieght");
    BOOST_TEST(why.advice == "did you mean weight? known keys: weight, url");
}

BOOST_AUTO_TEST_CASE(a_piece_of_a_secret_is_not_repeated_as_an_unknown_key) {
    constexpr std::string_view names[] = {"weight"};
    BOOST_TEST(unknown_key({"sk-A1b2C3d4", "="}, names).what == "a part names no known key");
}

BOOST_AUTO_TEST_CASE(only_a_whole_quoted_text_is_unquoted) {
    BOOST_TEST(unquoted(R"("a b")").value() == "a b");
    BOOST_TEST(unquoted("\"\"").value() == "");
    BOOST_TEST(!unquoted("a b"));
    BOOST_TEST(!unquoted(R"("a" b)"));
    BOOST_TEST(!unquoted(R"("a)"));
    BOOST_TEST(!unquoted(R"("a","b")"));
}

BOOST_AUTO_TEST_CASE(a_flag_line_quotes_what_a_flag_file_would_misread) {
    BOOST_TEST(flag_line("a", "plain b") == "--a plain b");
    BOOST_TEST(flag_line("a", "x #y") == R"(--a "x #y")");
    BOOST_TEST(flag_line("a", "x#y") == "--a x#y");
    BOOST_TEST(flag_line("a", " x") == R"(--a " x")");
    BOOST_TEST(flag_line("a", "\"x\"") == R"(--a "\"x\"")");
    BOOST_TEST(flag_line("a", "") == R"(--a "")");
}

BOOST_AUTO_TEST_SUITE_END()
