#include "routing/glob.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway::routing;

namespace {

bool matches(std::string_view pattern, std::string_view name) {
    const auto parsed = glob::parse(pattern);
    BOOST_REQUIRE(parsed.has_value());
    return parsed->matches(name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(glob_)

BOOST_AUTO_TEST_CASE(a_star_stands_for_any_run_even_an_empty_one) {
    BOOST_TEST(matches("anthropic/*", "anthropic/claude-3.5"));
    BOOST_TEST(matches("anthropic/*", "anthropic/"));
    BOOST_TEST(!matches("anthropic/*", "anthropic"));
    BOOST_TEST(matches("*", ""));
    BOOST_TEST(matches("*/*:free", "a/b:free"));
    BOOST_TEST(!matches("*/*:free", "a/b:free:x"));
    BOOST_TEST(matches("a*b*c", "a-b-b-c"));
    BOOST_TEST(!matches("a*b*c", "a-c-b"));
}

BOOST_AUTO_TEST_CASE(a_question_mark_stands_for_exactly_one) {
    BOOST_TEST(matches("gpt-?", "gpt-4"));
    BOOST_TEST(!matches("gpt-?", "gpt-"));
    BOOST_TEST(!matches("gpt-?", "gpt-45"));
}

BOOST_AUTO_TEST_CASE(everything_else_is_literal_in_any_case) {
    BOOST_TEST(matches("OpenAI/GPT-4o", "openai/gpt-4O"));
    BOOST_TEST(!matches("openai/gpt-4.1", "openai/gpt-4x1"));
    BOOST_TEST(!matches("[a-z]", "b"));
}

BOOST_AUTO_TEST_CASE(many_stars_against_a_long_name_stay_cheap) {
    const std::string name(4000, 'a');
    BOOST_TEST(!matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", name));
}

BOOST_AUTO_TEST_CASE(a_pattern_without_a_visible_character_is_refused) {
    BOOST_TEST(!glob::parse(""));
    BOOST_TEST(!glob::parse("a b"));
    BOOST_TEST(!glob::parse("a\n"));
    BOOST_TEST(!glob::parse("\xc3\xa4"));
}

BOOST_AUTO_TEST_SUITE_END()
