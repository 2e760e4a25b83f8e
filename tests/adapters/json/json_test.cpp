#include "adapters/json/edit_list.hpp"
#include "adapters/json/padded.hpp"
#include "adapters/json/structure.hpp"
#include "adapters/json/text.hpp"
#include "adapters/json/view_edits.hpp"
#include "adapters/json/walker.hpp"
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

BOOST_AUTO_TEST_CASE(borrowed_edits_come_out_like_owned_ones) {
    const std::string original(40, '.');
    for (std::size_t count : {std::size_t{3}, std::size_t{12}, std::size_t{13}, std::size_t{30}}) {
        edit_list owned{original};
        view_edits borrowed{original};
        for (std::size_t i = 0; i < count; ++i) {
            const auto offset = i * 7 % 30;
            const std::string_view text = i % 3 == 0 ? "" : "ab";
            owned.replace(offset, i % 2, text);
            borrowed.replace(offset, i % 2, text);
        }
        std::string appended{"before "};
        borrowed.append_to(appended);
        BOOST_TEST(appended == "before " + owned.text());
        piece_list pieces;
        borrowed.pieces(pieces);
        BOOST_TEST(pieces.joined() == owned.text());
        BOOST_TEST(borrowed.moved(31) == owned.moved(31));
    }
}

BOOST_AUTO_TEST_CASE(a_walk_is_right_wherever_the_vectors_end) {
    const auto is_value = [](std::string text) {
        // What stands behind the end would go on with the value.
        const std::string inside = "[" + text + "]";
        const std::string room = inside + std::string(padding, text.back());
        json::walker walk{padded_view{room.data(), inside.size()}};
        const auto* const end = walk.value(room.data(), 0);
        return end != nullptr && walk.at_end(end) && walk.utf8_is_valid();
    };
    for (std::size_t size = 0; size < 140; ++size) {
        const std::string text(size, 'x');
        BOOST_TEST(is_value('"' + text + '"'));
        BOOST_TEST(is_value('"' + text + "\\n\xc3\xa9" + text + '"'));
        BOOST_TEST(!is_value('"' + text + "\xc3\""));
        BOOST_TEST(!is_value('"' + text + "\n\""));
        BOOST_TEST(!is_value('"' + text));
        BOOST_TEST(is_value('1' + std::string(size, '0')));
        BOOST_TEST(is_value("-0." + std::string(size + 1, '0') + "e+7" + std::string(size, '1')));
        BOOST_TEST(!is_value('0' + std::string(size + 1, '0')));
        BOOST_TEST(is_value(std::string(size, '[') + '1' + std::string(size, ']')));
        BOOST_TEST(!is_value(std::string(size + 1, '[') + '1' + std::string(size, ']') + '}'));
    }
}

BOOST_AUTO_TEST_CASE(a_look_over_sees_what_is_cut_garbled_or_an_error) {
    using json::structure;
    for (std::size_t size = 0; size < 200; ++size) {
        const std::string text(size, 'x');
        const std::string good = " {\"a\":[\"" + text + "\\\"{\",{}],\"b\":\"\\\\\"}\n";
        BOOST_TEST((json::look_over(good) == structure::plain));
        BOOST_TEST((json::look_over(good + "}") == structure::broken));
        BOOST_TEST((json::look_over(good + "{}") == structure::broken));
        BOOST_TEST((json::look_over(good.substr(0, good.size() - 2)) == structure::broken));
        BOOST_TEST((json::look_over("x" + good) == structure::broken));
        BOOST_TEST((json::look_over("{\"" + text + "\":[}]}") == structure::broken));
        BOOST_TEST((json::look_over("{\"" + text + "\\\"}") == structure::broken));
        const std::string error = "{\"" + text + "\":1,\"error\":2}";
        BOOST_TEST((json::look_over(error) == structure::names_error));
        BOOST_TEST((json::look_over("{\"" + text + "\\\"error\\\"\":1}") == structure::plain));
    }
    BOOST_TEST((json::look_over("") == structure::broken));
    BOOST_TEST((json::look_over(" \n") == structure::broken));
    BOOST_TEST((json::look_over("{}") == structure::plain));
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
