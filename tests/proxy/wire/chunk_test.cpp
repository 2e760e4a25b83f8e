#include "proxy/wire/chunk_decoder.hpp"
#include "proxy/wire/chunk_writer.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::wire {
namespace {

BOOST_AUTO_TEST_SUITE(chunks)

BOOST_AUTO_TEST_CASE(body_spans_lie_in_the_input) {
    const std::string text = "5\r\nhello\r\n0\r\n\r\nGET";
    std::string_view input = text;
    chunk_decoder decoder;
    const chunk_step first = decoder.decode(input);
    BOOST_TEST((first.event == chunk_event::data));
    BOOST_TEST(first.text == "hello");
    BOOST_TEST((first.text.data() == text.data() + 3));
    BOOST_TEST((decoder.decode(input).event == chunk_event::done));
    BOOST_TEST(input == "GET");
    BOOST_TEST(decoder.is_done());
    BOOST_TEST(decoder.body_octets() == 5u);
    BOOST_TEST(!decoder.has_extras());
}

BOOST_AUTO_TEST_CASE(after_the_end_and_after_a_refusal_nothing_is_taken) {
    std::string_view input = "0\r\n\r\n";
    chunk_decoder decoder;
    decoder.decode(input);
    std::string_view more = "5\r\n";
    BOOST_TEST((decoder.decode(more).event == chunk_event::done));
    BOOST_TEST(more == "5\r\n");

    chunk_decoder broken;
    input = "x";
    BOOST_TEST((broken.decode(input).event == chunk_event::refused));
    BOOST_TEST((broken.decode(more).event == chunk_event::refused));
    BOOST_TEST(more == "5\r\n");
}

BOOST_AUTO_TEST_CASE(extensions_and_trailers_are_noticed) {
    std::string_view input = "1;a=b\r\nx\r\n";
    chunk_decoder decoder;
    decoder.decode(input);
    BOOST_TEST(decoder.has_extras());
    decoder.decode(input);
    BOOST_TEST(decoder.is_between_chunks());

    chunk_decoder other;
    input = "0\r\nX: y\r\n\r\n";
    other.decode(input);
    BOOST_TEST(other.is_done());
    BOOST_TEST(other.has_extras());
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
    std::string text;
    std::string body;
    for (std::size_t size : {1u, 9u, 10u, 15u, 16u, 17u, 255u, 256u, 300u}) {
        chunk_line room;
        const std::string piece(size, 'z');
        text.append(chunk_size_line(room, size)).append(piece).append(chunk_end);
        body += piece;
    }
    text += last_chunk;
    const std::string said = testing::three_ways(text, [](const testing::pieces& pieces) {
        chunk_decoder decoder;
        std::string out;
        for (std::string_view piece : pieces) {
            while (!piece.empty() && !decoder.is_done()) {
                const chunk_step step = decoder.decode(piece);
                BOOST_TEST_REQUIRE((step.event != chunk_event::refused));
                if (step.event == chunk_event::data) out += step.text;
            }
        }
        return decoder.is_done() ? out : "not done";
    });
    BOOST_TEST(said == body);
}

BOOST_AUTO_TEST_CASE(size_lines_are_the_shortest_there_are) {
    chunk_line room;
    BOOST_TEST(chunk_size_line(room, 1) == "1\r\n");
    BOOST_TEST(chunk_size_line(room, 0xabc) == "abc\r\n");
    BOOST_TEST(chunk_size_line(room, 0x1000) == "1000\r\n");
    BOOST_TEST(chunk_size_line(room, SIZE_MAX) == "ffffffffffffffff\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
