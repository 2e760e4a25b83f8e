#include "proxy/server/asked_limits.hpp"
#include "proxy/wire/head_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace spillway;
using namespace std::chrono_literals;
using server::parse_limit;

std::string read(const std::string& fields, flow::asked_limits& into) {
    const std::string text = "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    wire::request_head head;
    BOOST_REQUIRE((wire::parse_request(text, head).state == wire::head_state::complete));
    return std::string{server::read_limits(head, into)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(asked_limits)

BOOST_AUTO_TEST_CASE(a_limit_has_a_number_and_perhaps_a_unit) {
    BOOST_TEST((parse_limit("250") == 250ms));
    BOOST_TEST((parse_limit("250ms") == 250ms));
    BOOST_TEST((parse_limit("10s") == 10s));
    BOOST_TEST((parse_limit("2m") == 2min));
    BOOST_TEST((parse_limit("1") == 1ms));
    BOOST_TEST((parse_limit("86400s") == 24h));
    BOOST_TEST((parse_limit("1h") == 1h));
    BOOST_TEST((parse_limit("1d") == 24h));
    BOOST_TEST((parse_limit("1440m") == 24h));
    BOOST_TEST((parse_limit("86400000") == 24h));
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_limit) {
    for (const char* text :
         {"",
          "0",
          "0s",
          "-1",
          "-1s",
          "+1",
          " 1",
          "1 ",
          "1 s",
          "1.5s",
          "25h",
          "2d",
          "1H",
          "1S",
          "1sec",
          "s",
          "ms",
          "0x10",
          "1e3",
          "86400001",
          "86401s",
          "1441m",
          "99999999999999999999",
          "9223372036854775807m"}) {
        BOOST_TEST(!parse_limit(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(each_field_goes_to_its_limit) {
    flow::asked_limits limits;
    BOOST_TEST(
        read(
            "X-Spillway-Timeout-Connect: 1ms\r\nX-Spillway-Timeout-Tls: 2ms\r\n"
            "X-Spillway-Timeout-First-Byte: 3ms\r\nX-Spillway-Timeout-Idle: 4ms\r\n"
            "X-Spillway-Timeout-Total: 5ms\r\n",
            limits
        ) == ""
    );
    BOOST_TEST((limits.connect == 1ms));
    BOOST_TEST((limits.tls == 2ms));
    BOOST_TEST((limits.first_octet == 3ms));
    BOOST_TEST((limits.idle == 4ms));
    BOOST_TEST((limits.total == 5ms));
}

BOOST_AUTO_TEST_CASE(fields_that_are_absent_ask_for_nothing) {
    flow::asked_limits limits;
    BOOST_TEST(read("", limits) == "");
    BOOST_TEST(!limits.connect.has_value());
    BOOST_TEST(!limits.total.has_value());
}

BOOST_AUTO_TEST_CASE(the_field_that_cannot_be_read_is_named) {
    flow::asked_limits limits;
    BOOST_TEST(read("X-Spillway-Timeout-Idle: soon\r\n", limits) == "x-spillway-timeout-idle");
}

BOOST_AUTO_TEST_SUITE_END()
