#include "proxy/wire/head_parser.hpp"
#include "tests/support/three_ways.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace spillway::wire {
namespace {

const std::string ordinary = "POST /v1/chat/completions?x=1 HTTP/1.1\r\n"
                             "Host: gateway.test:8080\r\n"
                             "content-TYPE: application/json\r\n"
                             "X-Own:\t a b \t\r\n"
                             "Content-Length: 12\r\n"
                             "Accept: a\r\n"
                             "Accept: b\r\n"
                             "Connection: x-own, upgrade\r\n"
                             "\r\n";

head_verdict parse(std::string_view text, request_head& head) {
    head.reset();
    return parse_request(text, head);
}

// Everything a head says, in words.
std::string describe(const request_head& head) {
    std::string out{head.method_text()};
    out += " ";
    out += head.target();
    out += " ";
    out += head.authority();
    for (std::size_t i = 0; i < head.size(); ++i) {
        const field_view each = head[i];
        out += "\n" + std::string{each.name} + "=" + std::string{each.value} + "#" +
               std::to_string(static_cast<int>(each.id));
    }
    return out;
}

BOOST_AUTO_TEST_SUITE(head_parser)

BOOST_AUTO_TEST_CASE(a_request_head_is_read_into_its_parts) {
    request_head head;
    const std::string received = ordinary + "behind";
    const head_verdict verdict = parse(received, head);
    BOOST_TEST((verdict.state == head_state::complete));
    BOOST_TEST(verdict.consumed == ordinary.size());
    BOOST_TEST((head.method() == method::post));
    BOOST_TEST(head.method_text() == "POST");
    BOOST_TEST(head.target() == "/v1/chat/completions?x=1");
    BOOST_TEST(head.authority() == "gateway.test:8080");
    BOOST_TEST(head.version_minor() == 1u);
    BOOST_TEST(head.keep_alive());
    BOOST_TEST(head.size() == 7u);
    BOOST_TEST((head[1].id == field::content_type));
    BOOST_TEST(head[1].name == "content-TYPE");
    BOOST_TEST((head[2].id == field::unknown));
    BOOST_TEST(head[2].value == "a b");
    BOOST_TEST(head.value(field::content_length) == "12");
    BOOST_TEST(head.value("x-OWN") == "a b");
    BOOST_TEST(head.value("x-other") == "");
    BOOST_TEST(head.value(field::accept) == "a");
    BOOST_TEST(head.is_repeated(field::accept));
    BOOST_TEST(!head.is_repeated(field::host));
    BOOST_TEST(!head.has(field::cookie));
    BOOST_TEST(head.value(field::cookie) == "");
    BOOST_TEST(head.connection_names("X-Own"));
    BOOST_TEST(!head.connection_names("host"));
}

BOOST_AUTO_TEST_CASE(pieces_give_the_same_head_also_when_the_text_moves) {
    testing::three_ways(ordinary, [](const testing::pieces& pieces) {
        request_head head;
        std::string text;
        head_verdict verdict;
        for (std::string_view piece : pieces) {
            // A new block for every call: nothing may point into the old one.
            text = std::string{text} + std::string{piece};
            verdict = parse_request(text, head);
        }
        BOOST_TEST((verdict.state == head_state::complete));
        return describe(head);
    });
}

BOOST_AUTO_TEST_CASE(a_head_follows_its_text_when_told) {
    request_head head;
    std::string text = ordinary;
    parse(text, head);
    const std::string before = describe(head);
    const std::string copy = text;
    text.assign(text.size(), '?');
    head.rebase(copy.data());
    BOOST_TEST(describe(head) == before);
}

BOOST_AUTO_TEST_CASE(a_head_is_used_again_after_reset) {
    request_head head;
    parse(ordinary, head);
    const head_verdict verdict = parse("GET / HTTP/1.0\r\n\r\n", head);
    BOOST_TEST((verdict.state == head_state::complete));
    BOOST_TEST(head.size() == 0u);
    BOOST_TEST(!head.has(field::host));
    BOOST_TEST(!head.is_repeated(field::accept));
    BOOST_TEST(head.authority() == "");
    BOOST_TEST(!head.keep_alive());
}

BOOST_AUTO_TEST_CASE(an_absolute_target_is_taken_apart) {
    request_head head;
    parse("GET http://A.test:80/v1/models?a HTTP/1.1\r\nHost: a.TEST:80\r\n\r\n", head);
    BOOST_TEST(head.target() == "/v1/models?a");
    BOOST_TEST(head.authority() == "a.TEST:80");
    parse("GET http://a.test HTTP/1.0\r\n\r\n", head);
    BOOST_TEST(head.target() == "");
    BOOST_TEST(head.authority() == "a.test");
}

BOOST_AUTO_TEST_CASE(the_first_bad_octet_refuses_without_waiting_for_the_end) {
    request_head head;
    for (std::string_view text :
         {"GET / HTTP/1.1\n",
          "GET / HTTP/1.1\r\nHost: a\r\nX\r\n",
          "\x16\x03",
          "GET / HTTP/1.1\r\nX: \x01",
          "FOO\r\n"}) {
        BOOST_TEST((parse(text, head).state == head_state::refused), text);
        BOOST_TEST(!parse(text, head).reason.empty());
    }
}

BOOST_AUTO_TEST_CASE(limits_of_the_caller_are_kept) {
    const head_limits small{40, 20, 70, 2};
    const auto status = [&small](const std::string& text) {
        request_head head;
        return parse_request(text, head, small).status;
    };
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
    BOOST_TEST(status(start + "X: y\r\n\r\n") == 0);
    BOOST_TEST(status(start + "X: y\r\nY: z\r\n\r\n") == 431);
    BOOST_TEST(status(start + "X: 123456789012345678\r\n\r\n") == 431);
    BOOST_TEST(status("GET /1234567890123456789012345678901234567890 HTTP/1.1\r\n") == 414);
    request_head head;
    const head_limits tight{40, 20, 30, 2};
    BOOST_TEST(parse_request(start + "X: y\r\n\r\n", head, tight).status == 431);
}

BOOST_AUTO_TEST_CASE(expectations_are_decided) {
    const auto of = [](std::string_view line) {
        request_head head;
        const std::string text = "POST / HTTP/1.1\r\nHost: a\r\n" + std::string{line} + "\r\n\r\n";
        parse(text, head);
        return head.expectation();
    };
    BOOST_TEST((of("X: y") == expectation::none));
    BOOST_TEST((of("Expect: 100-Continue") == expectation::continue_));
    BOOST_TEST((of("Expect: 200-ok") == expectation::unknown));
    BOOST_TEST((of("Expect: 100-continue\r\nExpect: 100-continue") == expectation::unknown));
}

BOOST_AUTO_TEST_CASE(a_response_head_is_read_into_its_parts) {
    response_head head;
    const std::string text =
        "HTTP/1.1 429 Slow down\r\nRetry-After: 3\r\nx-ratelimit-remaining-tokens: 0\r\n\r\n";
    const std::string received = text + "body";
    const head_verdict verdict = parse_response(received, head);
    BOOST_TEST((verdict.state == head_state::complete));
    BOOST_TEST(verdict.consumed == text.size());
    BOOST_TEST(head.status() == 429u);
    BOOST_TEST(head.reason() == "Slow down");
    BOOST_TEST(!head.is_interim());
    BOOST_TEST(head.keep_alive());
    BOOST_TEST(head.value(field::retry_after) == "3");
    BOOST_TEST(head.value(field::x_ratelimit_remaining_tokens) == "0");
}

BOOST_AUTO_TEST_CASE(an_interim_answer_is_a_head_of_its_own) {
    response_head head;
    const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    const std::string received = interim + "HTTP/1.1 200 OK\r\n\r\n";
    const head_verdict verdict = parse_response(received, head);
    BOOST_TEST(verdict.consumed == interim.size());
    BOOST_TEST(head.is_interim());
}

BOOST_AUTO_TEST_CASE(a_field_at_the_end_of_the_largest_head_keeps_its_place) {
    response_head head;
    std::string text = "HTTP/1.1 200 OK\r\nX: " + std::string(65000, 'a') + "\r\nDate: now\r\n\r\n";
    BOOST_TEST((parse_response(text, head).state == head_state::complete));
    BOOST_TEST(head.value(field::date) == "now");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
