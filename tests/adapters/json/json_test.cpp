#include "adapters/json/edit_list.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace spillway::adapters {

BOOST_AUTO_TEST_SUITE(json_texts)

BOOST_AUTO_TEST_CASE(edits_come_out_in_order_however_they_were_made) {
    edit_list edits{"0123456789"};
    edits.erase(8, 2);
    edits.replace(2, 1, "two");
    edits.insert(2, "<");
    edits.insert(2, "|");
    edits.insert(0, "start ");
    BOOST_TEST(edits.text() == "start 01<|two34567");
    BOOST_TEST(edits.size() == edits.text().size());
    BOOST_TEST(edits.moved(3) == edits.text().find('3'));
}

BOOST_AUTO_TEST_CASE(more_edits_and_text_than_fit_nearby_are_kept) {
    std::string original(100, '.');
    std::string expected;
    edit_list edits{original};
    for (std::size_t i = 0; i < 100; ++i) {
        edits.replace(99 - i, 1, std::to_string(99 - i) + std::string(20, 'x'));
        expected += std::to_string(i) + std::string(20, 'x');
    }
    BOOST_TEST(edits.text() == expected);
    piece_list pieces;
    edits.pieces(pieces);
    BOOST_TEST(pieces.joined() == expected);
    BOOST_TEST(edits.size() == expected.size());
}

BOOST_AUTO_TEST_CASE(untouched_text_stays_one_piece) {
    edit_list edits{"abc"};
    piece_list pieces;
    edits.pieces(pieces);
    BOOST_TEST(pieces.pieces().size() == 1u);
    pieces.clear();
    BOOST_TEST(pieces.empty());
}

BOOST_AUTO_TEST_CASE(escapes_are_resolved) {
    BOOST_TEST(
        json::unescaped(R"(a\"\\\/\b\f\n\r\t\u0041\u00e9\u4f60\ud83d\ude80)").value() ==
        "a\"\\/\b\f\n\r\tA\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x9a\x80"
    );
    for (auto bad : {R"(\ud800)", R"(\ud800x)", R"(\ud800\u0041)", R"(\udc00)", "\\", R"(\u12)"}) {
        BOOST_TEST(!json::unescaped(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(integers_are_read_exactly_or_not_at_all) {
    BOOST_TEST(
        json::to_integer("18446744073709551615").value() ==
        std::numeric_limits<std::uint64_t>::max()
    );
    for (auto bad : {"", "-1", "+1", "1.0", "1e3", "18446744073709551616", " 1", "1 "}) {
        BOOST_TEST(!json::to_integer(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(money_is_written_exactly) {
    auto nano = [](std::int64_t value) {
        std::string out;
        json::append_nano(out, value);
        return out;
    };
    BOOST_TEST(nano(0) == "0");
    BOOST_TEST(nano(1) == "0.000000001");
    BOOST_TEST(nano(14'000) == "0.000014");
    BOOST_TEST(nano(1'500'000'000) == "1.5");
    BOOST_TEST(nano(2'000'000'000) == "2");
    BOOST_TEST(nano(-1) == "-0.000000001");
    BOOST_TEST(nano(std::numeric_limits<std::int64_t>::min()) == "-9223372036.854775808");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace spillway::adapters
