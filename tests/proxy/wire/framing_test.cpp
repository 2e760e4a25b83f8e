#include "proxy/wire/framing.hpp"
#include "proxy/wire/head_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::wire {
namespace {

body_framing of_request(const std::string& fields, std::uint64_t limit = no_body_limit) {
    request_head head;
    const std::string text = "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    BOOST_TEST((parse_request(text, head).state == head_state::complete));
    return request_framing(head, limit);
}

body_framing of_response(const std::string& start, method asked = method::post) {
    response_head head;
    const std::string text = "HTTP/1.1 " + start + "\r\n";
    BOOST_TEST((parse_response(text, head).state == head_state::complete));
    return response_framing(head, asked);
}

BOOST_AUTO_TEST_SUITE(framing)

BOOST_AUTO_TEST_CASE(a_request_has_no_body_a_length_or_chunks) {
    BOOST_TEST((of_request("").kind == body_kind::none));
    BOOST_TEST((of_request("Transfer-Encoding: chunked\r\n").kind == body_kind::chunked));
    const body_framing sized = of_request("Content-Length: 9223372036854775807\r\n");
    BOOST_TEST((sized.kind == body_kind::length));
    BOOST_TEST(sized.length == 9223372036854775807u);
}

BOOST_AUTO_TEST_CASE(a_length_above_the_limit_is_refused_before_it_is_read) {
    BOOST_TEST(of_request("Content-Length: 10\r\n", 10).length == 10u);
    BOOST_TEST(of_request("Content-Length: 11\r\n", 10).status == 413);
}

BOOST_AUTO_TEST_CASE(an_answer_without_fields_ends_with_the_connection) {
    BOOST_TEST((of_response("200 OK\r\n").kind == body_kind::until_close));
    BOOST_TEST((of_response("200 OK\r\nContent-Length: 0\r\n").kind == body_kind::length));
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_have_a_body_have_none) {
    const std::string sized = "Content-Length: 7\r\n";
    BOOST_TEST((of_response("204 No Content\r\n" + sized).kind == body_kind::none));
    BOOST_TEST((of_response("304 Not Modified\r\n" + sized).kind == body_kind::none));
    BOOST_TEST((of_response("103 Early Hints\r\n" + sized).kind == body_kind::none));
    BOOST_TEST((of_response("200 OK\r\n" + sized, method::head).kind == body_kind::none));
    BOOST_TEST((of_response("200 OK\r\n" + sized, method::get).kind == body_kind::length));
}

BOOST_AUTO_TEST_CASE(a_broken_length_is_refused_also_where_no_body_is) {
    BOOST_TEST(of_response("200 OK\r\nContent-Length: x\r\n", method::head).status == 502);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
