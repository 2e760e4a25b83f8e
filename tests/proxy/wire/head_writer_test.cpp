#include "proxy/wire/head_parser.hpp"
#include "proxy/wire/head_writer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::wire {
namespace {

using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(head_writer_suite)

BOOST_AUTO_TEST_CASE(a_response_head_is_written_behind_what_is_there) {
    std::string out = "before";
    head_writer writer{out};
    writer.status_line(429);
    writer.add(field::retry_after, 30);
    writer.add("X-Own", "a\tb \xff");
    writer.add(field::content_type, "application/json");
    BOOST_TEST(writer.finish().has_value());
    BOOST_TEST(
        out == "beforeHTTP/1.1 429 Too Many Requests\r\nretry-after: 30\r\nX-Own: a\tb \xff\r\n"
               "content-type: application/json\r\n\r\n"
    );
}

BOOST_AUTO_TEST_CASE(a_request_head_passes_our_own_parser) {
    std::string out;
    head_writer writer{out};
    writer.request_line("POST", "/v1/messages");
    writer.add(field::host, "api.example.com");
    writer.add(field::content_length, 0);
    BOOST_TEST_REQUIRE(writer.finish().has_value());
    request_head head;
    BOOST_TEST((parse_request(out, head).state == head_state::complete));
    BOOST_TEST(head.value(field::content_length) == "0");
}

// S-H8: values made from user data never end a line, whatever they hold and wherever they come in.
BOOST_AUTO_TEST_CASE(one_control_character_breaks_the_whole_head) {
    for (std::string_view bad : {"a\rb"sv, "a\nb"sv, "a\r\nX: y"sv, "a\0b"sv, "\x01"sv, "\x7f"sv}) {
        std::string out = "kept";
        head_writer writer{out};
        writer.status_line(200);
        writer.add("X-Model", bad);
        writer.add("X-After", "fine");
        const result<> finished = writer.finish();
        BOOST_TEST_REQUIRE(finished.has_error());
        BOOST_TEST((finished.error().where == side::internal));
        BOOST_TEST(out == "kept");
    }
}

BOOST_AUTO_TEST_CASE(names_targets_and_methods_are_checked_too) {
    const auto breaks = [](auto&& use) {
        std::string out;
        head_writer writer{out};
        use(writer);
        return writer.finish().has_error();
    };
    BOOST_TEST(breaks([](head_writer& w) { w.add("", "x"); }));
    BOOST_TEST(breaks([](head_writer& w) { w.add("a b", "x"); }));
    BOOST_TEST(breaks([](head_writer& w) { w.add("a:", "x"); }));
    BOOST_TEST(breaks([](head_writer& w) { w.add("a\r\nb", "x"); }));
    BOOST_TEST(breaks([](head_writer& w) { w.request_line("G T", "/"); }));
    BOOST_TEST(breaks([](head_writer& w) { w.request_line("GET", "/a b"); }));
    BOOST_TEST(breaks([](head_writer& w) { w.request_line("GET", "/\r\nX: y"); }));
    BOOST_TEST(breaks([](head_writer& w) { w.request_line("GET", ""); }));
    BOOST_TEST(breaks([](head_writer& w) { w.status_line(42); }));
    BOOST_TEST(!breaks([](head_writer& w) { w.add("X-A", ""); }));
}

BOOST_AUTO_TEST_CASE(a_head_that_stays_open_has_no_empty_line) {
    std::string out;
    head_writer writer{out};
    writer.status_line(200);
    writer.add_fixed("x-a", "1");
    BOOST_TEST(writer.finish_open().has_value());
    BOOST_TEST(out == "HTTP/1.1 200 OK\r\nx-a: 1\r\n");
}

BOOST_AUTO_TEST_CASE(a_head_grows_as_long_as_its_values_are) {
    for (const std::size_t size : {400U, 480U, 500U, 512U, 1000U, 60'000U}) {
        const std::string value(size, 'v');
        std::string out = "before";
        head_writer writer{out};
        writer.status_line(200);
        writer.add_fixed("x-a", value);
        writer.add("X-B", value);
        BOOST_TEST(writer.finish().has_value());
        const std::string wanted = "beforeHTTP/1.1 200 OK\r\nx-a: " + value + "\r\nX-B: " + value;
        BOOST_TEST(out == wanted + "\r\n\r\n");
    }
}

BOOST_AUTO_TEST_CASE(an_unregistered_status_has_an_empty_reason) {
    std::string out;
    head_writer writer{out};
    writer.status_line(599);
    BOOST_TEST(writer.finish().has_value());
    BOOST_TEST(out == "HTTP/1.1 599 \r\n\r\n");
    response_head head;
    BOOST_TEST((parse_response(out, head).state == head_state::complete));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
