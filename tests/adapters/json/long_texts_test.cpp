// The body that leaves is the one that was written, whatever stays where it was; and nothing long is copied.
#include "adapters/json/long_texts.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace spillway::adapters;
using json::long_texts;

const std::string one(100, '1');
const std::string two(200, '2');
const std::string body = "{\"a\":\"" + one + "\",\"b\":\"" + two + "\"}";

std::string_view in_body(std::string_view text) {
    return std::string_view{body}.substr(body.find(text), text.size());
}

struct rewritten {
    std::string text;
    std::size_t copied;  // octets that are not the old body's
};

rewritten write(std::initializer_list<std::string_view> parts, std::size_t least = 50) {
    long_texts longs{body, least};
    std::string text;
    for (const auto part : parts)
        longs.append(text, part);
    edit_list edits{body};
    longs.write(text, edits);
    piece_list pieces;
    edits.pieces(pieces);
    rewritten out{edits.text(), 0};
    for (const auto piece : pieces.pieces()) {
        const bool is_old = piece.data() >= body.data() && piece.data() < body.data() + body.size();
        if (!is_old) out.copied += piece.size();
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(long_texts_of_a_body)

BOOST_AUTO_TEST_CASE(long_texts_stay_where_they_are) {
    const auto got = write({"[\"", in_body(one), "\",\"", in_body(two), "\"]"});
    BOOST_TEST(got.text == "[\"" + one + "\",\"" + two + "\"]");
    BOOST_TEST(got.copied == 7u);
}

BOOST_AUTO_TEST_CASE(short_and_foreign_texts_are_copied) {
    const std::string foreign(300, 'f');
    const auto got = write({"[\"", in_body(one).substr(0, 49), foreign, "\"]"});
    BOOST_TEST(got.text == "[\"" + one.substr(0, 49) + foreign + "\"]");
    BOOST_TEST(got.copied == got.text.size());
}

BOOST_AUTO_TEST_CASE(a_text_out_of_turn_or_said_twice_is_copied) {
    const auto turned = write({in_body(two), ",", in_body(one), "."});
    BOOST_TEST(turned.text == two + "," + one + ".");
    BOOST_TEST(turned.copied == 102u);
    const auto twice = write({in_body(one), in_body(one)});
    BOOST_TEST(twice.text == one + one);
    BOOST_TEST(twice.copied == 100u);
}

BOOST_AUTO_TEST_CASE(a_text_that_was_taken_back_leaves_nothing) {
    long_texts longs{body, 50};
    std::string text = "[";
    longs.append(text, in_body(one));
    text.resize(1);
    longs.append(text, in_body(two));
    edit_list edits{body};
    longs.write(text + "]", edits);
    BOOST_TEST(edits.text() == "[" + two + "]");
}

BOOST_AUTO_TEST_CASE(many_texts_and_none) {
    std::string all;
    long_texts longs{body, 1};
    std::string text;
    for (std::size_t at = 0; at + 1 < body.size(); at += 2) {
        longs.append(text, std::string_view{body}.substr(at, 1));
        all += body[at];
    }
    edit_list edits{body};
    longs.write(text, edits);
    BOOST_TEST(edits.text() == all);
    BOOST_TEST(write({"", "{}"}).text == "{}");
}

BOOST_AUTO_TEST_SUITE_END()
