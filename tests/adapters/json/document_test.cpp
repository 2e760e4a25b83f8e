// The document: what it takes is what the strict walker takes, and its values are views of the text.
#include "adapters/json/document.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::testing {

namespace {

using namespace adapters;

bool reads(std::string_view text) {
    const padded_text padded{text};
    json::document read;
    const bool is_read = read.read(padded.view());
    BOOST_TEST(is_read == static_cast<bool>(read.root().kind() != json::kind::absent));
    return is_read;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_document)

BOOST_AUTO_TEST_CASE(valid_texts_are_read_and_others_are_not) {
    for (const auto text :
         {"{}",
          "[]",
          " [ ] ",
          "null",
          "-0",
          "1e400",
          "\"\"",
          "[[],{}]",
          R"({"a":{},"b":[1,{"c":null}]})",
          "[1 , 2]\n"})
        BOOST_TEST(reads(text), text);
    for (const auto text :
         {"",      " ",     "{",  "[",   "{]", "[}",   "[1,]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}",
          "{a:1}", "[1 2]", "01", "nul", "\"", "[1]]", "{}{}", "\"\xff\"",   "[,1]",    "{,}"})
        BOOST_TEST(!reads(text), text);
}

BOOST_AUTO_TEST_CASE(the_depth_has_a_bound) {
    BOOST_TEST(reads(std::string(512, '[') + std::string(512, ']')));
    BOOST_TEST(!reads(std::string(513, '[') + std::string(513, ']')));
    BOOST_TEST(!reads(std::string(100'000, '[')));
}

BOOST_AUTO_TEST_CASE(values_are_found_in_any_order_and_in_their_spelling) {
    const padded_text padded{
        R"( {"b":[1,"x\u0041",{"n":1.50}],"a":true,"s":"\"q\"","z":null,"a":false} )"};
    json::document read;
    BOOST_TEST_REQUIRE(read.read(padded.view()));
    const auto root = read.root();
    BOOST_TEST(root["s"].string().raw == R"(\"q\")");
    BOOST_TEST(root["a"].is_true());  // the first of the name
    BOOST_TEST(root["z"].is(json::kind::null));
    BOOST_TEST(!root["z"]);
    BOOST_TEST(root["z"].text().empty());
    BOOST_TEST(!root["nothing"]["deeper"]);
    std::string spelled;
    for (const auto one : root["b"].elements())
        spelled.append(one.raw()).append("|");
    BOOST_TEST(spelled == R"(1|"x\u0041"|{"n":1.50}|)");
    std::string names;
    for (const auto [name, value] : root.members())
        names.append(name).append(value.is_array() ? "[" : ".");
    BOOST_TEST(names == "b[a.s.z.a.");
}

BOOST_AUTO_TEST_CASE(only_plain_integers_are_counts) {
    const padded_text padded{R"([7,18446744073709551615,18446744073709551616,-1,1.0,1e2,"7"])"};
    json::document read;
    BOOST_TEST_REQUIRE(read.read(padded.view()));
    std::string counts;
    for (const auto one : read.root().elements())
        counts.append(one.count() ? std::to_string(*one.count()) : "-").append(" ");
    BOOST_TEST(counts == "7 18446744073709551615 - - - - - ");
}

BOOST_AUTO_TEST_CASE(a_list_longer_than_its_first_room_is_whole) {
    std::string text = "[{\"a\":[";
    for (int i = 0; i < 1000; ++i)
        text.append(i > 0 ? "," : "").append(std::to_string(i));
    text.append("]},{\"b\":[[]]},7]");
    const padded_text padded{text};
    json::document read;
    BOOST_TEST_REQUIRE(read.read(padded.view()));
    std::uint64_t expected = 0;
    for (const auto one : (*read.root().elements().begin())["a"].elements())
        BOOST_TEST(one.count().value() == expected++);
    BOOST_TEST(expected == 1000U);
    std::string kinds;
    for (const auto one : read.root().elements())
        kinds.append(one.is_object() ? "o" : "n");
    BOOST_TEST(kinds == "oon");
}

BOOST_AUTO_TEST_CASE(a_name_is_found_as_a_word_and_as_a_view) {
    const padded_text padded{R"({"ab":"word","abc":2,"":3})"};
    json::document read;
    BOOST_TEST_REQUIRE(read.read(padded.view()));
    const auto root = read.root();
    BOOST_TEST(root["abc"].raw() == root[std::string_view{"abc"}].raw());
    BOOST_TEST(root[""].raw() == "3");
    BOOST_TEST(root["a"].is(json::kind::absent));
    BOOST_TEST(root["ab"].equals("word"));
    BOOST_TEST(!root["ab"].equals("wor"));
    BOOST_TEST(!root["abc"].equals("2"));
}

BOOST_AUTO_TEST_CASE(it_is_read_again_and_again) {
    json::document read;
    for (const std::string_view text : {"[1,2,3]", "{", "{\"a\":1}"}) {
        const padded_text padded{text};
        BOOST_TEST(read.read(padded.view()) == (text != "{"));
    }
    BOOST_TEST(read.root().is_object());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::testing
