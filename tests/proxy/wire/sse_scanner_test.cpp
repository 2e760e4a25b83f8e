#include "proxy/wire/sse_scanner.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::wire {
namespace {

std::string events_of(const testing::pieces& pieces) {
    sse_reader reader;
    std::string out;
    for (std::string_view piece : pieces) {
        while (!piece.empty()) {
            const sse_step step = reader.next(piece);
            if (step == sse_step::refused) return out + "refused";
            if (step != sse_step::event) continue;
            out.append(reader.type()).append("(").append(reader.data()).append(")");
            out.append(reader.last_id()).append(";");
        }
    }
    return out;
}

std::string read(std::string_view text) {
    return testing::three_ways(text, events_of);
}

// The stream with a '|' wherever the boundary finder allows a cut.
std::string cuts_of(const testing::pieces& pieces) {
    sse_boundary boundary;
    std::string out;
    for (std::string_view piece : pieces) {
        const std::size_t size = boundary.take(piece);
        out.append(piece.substr(0, size));
        if (size != 0) out += '|';
        out.append(piece.substr(size));
        BOOST_TEST(boundary.is_inside_event() == (size != piece.size()));
    }
    return out;
}

BOOST_AUTO_TEST_SUITE(sse)

BOOST_AUTO_TEST_CASE(events_end_at_empty_lines_of_every_kind) {
    BOOST_TEST(
        read("data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\r\n") ==
        "message(a);message(b);message(c);message(d);"
    );
}

BOOST_AUTO_TEST_CASE(data_lines_join_and_one_space_is_dropped) {
    BOOST_TEST(read("data:a\ndata:  b\ndata\ndata:\n\n") == "message(a\n b\n\n);");
}

BOOST_AUTO_TEST_CASE(type_counts_for_one_event_and_id_for_all_that_follow) {
    BOOST_TEST(
        read("event: x\nid: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n") ==
        "x(a)7;message(b)7;message(c);"
    );
}

BOOST_AUTO_TEST_CASE(an_event_without_data_or_without_an_end_is_none) {
    BOOST_TEST(read("event: x\n\ndata: a\n\ndata: cut\n") == "message(a);");
}

BOOST_AUTO_TEST_CASE(comments_unknown_fields_and_the_mark_are_passed_over) {
    BOOST_TEST(read("\xef\xbb\xbf: ping\n\nData: x\nfoo: y\ndata: a\n\n") == "message(a);");
    BOOST_TEST(
        read("\xef\xbb"
             "data: a\ndata: b\n\n") == "message(b);"
    );
    sse_reader reader;
    std::string_view input = ": a\n:\n";
    BOOST_TEST((reader.next(input) == sse_step::need_more));
    BOOST_TEST(reader.comments() == 2u);
}

BOOST_AUTO_TEST_CASE(retry_takes_digits_only_and_does_not_wrap) {
    sse_reader reader;
    std::string_view input = "retry: 10\nretry: 1x\nretry: -1\nretry:\n";
    reader.next(input);
    BOOST_TEST(reader.retry().value() == 10u);
    input = "retry: 99999999999999999999999\n";
    reader.next(input);
    BOOST_TEST(reader.retry().value() == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(an_id_with_nul_is_ignored) {
    using namespace std::string_view_literals;
    BOOST_TEST(read("id: 1\nid: 2\0\ndata: a\n\n"sv) == "message(a)1;");
}

BOOST_AUTO_TEST_CASE(a_line_above_the_limit_is_refused_before_it_ends) {
    sse_reader reader{10};
    std::string_view fits = "data: 1234\n";
    BOOST_TEST((reader.next(fits) == sse_step::need_more));
    std::string_view begun = "data: ";
    BOOST_TEST((reader.next(begun) == sse_step::need_more));
    std::string_view more = "12345";
    BOOST_TEST((reader.next(more) == sse_step::refused));
    BOOST_TEST((reader.next(more) == sse_step::refused));
}

BOOST_AUTO_TEST_CASE(data_above_the_limit_is_refused) {
    sse_reader reader{100, 10};
    std::string_view input = "data: 12345\ndata: 1234\n\n";
    BOOST_TEST((reader.next(input) == sse_step::refused));
}

BOOST_AUTO_TEST_CASE(boundaries_lie_behind_empty_lines_only) {
    BOOST_TEST(cuts_of({"data: a\n\ndata: b"}) == "data: a\n\n|data: b");
    BOOST_TEST(cuts_of({"data: a\r\n\r\ndata: b\r\n"}) == "data: a\r\n\r\n|data: b\r\n");
    BOOST_TEST(cuts_of({"data: a\r\rx"}) == "data: a\r\r|x");
    BOOST_TEST(cuts_of({"data: a"}) == "data: a");
    BOOST_TEST(cuts_of({": ping\n\n"}) == ": ping\n\n|");
}

BOOST_AUTO_TEST_CASE(boundaries_are_found_across_reads) {
    BOOST_TEST(cuts_of({"data: a\n", "\ndata: b\n"}) == "data: a\n\n|data: b\n");
    BOOST_TEST(cuts_of({"data: a\r\n\r", "\ndata: b"}) == "data: a\r\n\r|\n|data: b");
    BOOST_TEST(cuts_of({"data: a\r", "\n", "\r", "\n"}) == "data: a\r\n\r|\n|");
    BOOST_TEST(cuts_of({"data: a\r", "\nb: c"}) == "data: a\r\nb: c");
    BOOST_TEST(cuts_of({"data: a\r", "\rb"}) == "data: a\r\r|b");
    BOOST_TEST(cuts_of({"\n", "x"}) == "\n|x");
}

// Cutting where the finder says must not change what a reader sees: the reader is idle at every boundary.
BOOST_AUTO_TEST_CASE(at_a_boundary_another_event_may_be_put_between) {
    const std::string text = "data: a\r\n\r\n: x\n\ndata: b\ndata: c\r\revent: x\n\r\n";
    testing::three_ways(text, [](const testing::pieces& pieces) {
        sse_boundary boundary;
        std::string passed;
        std::string held;
        for (std::string_view piece : pieces) {
            const std::size_t size = boundary.take(piece);
            if (size != 0) {
                passed += held + std::string{piece.substr(0, size)};
                held.clear();
                BOOST_TEST(
                    events_of({passed + "data: extra\n\n"}) ==
                    events_of({passed}) + "message(extra);"
                );
            }
            held += piece.substr(size);
        }
        return passed + held;
    });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
