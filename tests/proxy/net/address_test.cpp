#include "proxy/net/address.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace spillway;
using family = net::address::family;

namespace {

std::string parsed(std::string_view literal) {
    const auto made = net::address::parse(literal, 80);
    return made ? made->text() : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(literals_are_told_from_names) {
    BOOST_TEST(parsed("192.0.2.1") == "192.0.2.1:80");
    BOOST_TEST(parsed("2001:DB8::1") == "[2001:db8::1]:80");
    BOOST_TEST(parsed("[::1]") == "[::1]:80");
    for (const char* other :
         {"",
          "localhost",
          "example.com",
          "1.2.3",
          "1.2.3.4.5",
          "256.1.1.1",
          "[1.2.3.4]",
          "[",
          "[]",
          "::1]",
          "0x7f.1",
          "1.2.3.4 "})
        BOOST_TEST(parsed(other) == "none", other);
    BOOST_TEST(parsed(std::string(200, '1')) == "none");
}

BOOST_AUTO_TEST_CASE(addresses_compare_by_family_host_and_port) {
    const net::address one = net::address::loopback(family::v4, 80);
    BOOST_TEST((one == net::address::parse("127.0.0.1", 80)));
    BOOST_TEST((one != one.with_port(81)));
    BOOST_TEST((one != net::address::loopback(family::v6, 80)));
    BOOST_TEST((one.hash() == net::address::parse("127.0.0.1", 80)->hash()));
    BOOST_TEST((net::address{} == net::address{}));
    BOOST_TEST((net::address{}.which() == family::none));
}

BOOST_AUTO_TEST_CASE(loopback_is_recognised) {
    BOOST_TEST(net::address::parse("127.8.0.1", 1)->is_loopback());
    BOOST_TEST(net::address::parse("::1", 1)->is_loopback());
    BOOST_TEST(!net::address::parse("128.0.0.1", 1)->is_loopback());
    BOOST_TEST(!net::address{}.is_loopback());
}

BOOST_AUTO_TEST_CASE(a_list_holds_what_fits) {
    net::address_list list;
    for (std::uint16_t port = 1; port <= 20; ++port)
        list.add(net::address::loopback(family::v4, port));
    BOOST_TEST(list.size() == net::address_list::capacity);
    BOOST_TEST(list.contains(net::address::loopback(family::v4, 1)));
    BOOST_TEST(!list.contains(net::address::loopback(family::v4, 20)));
    BOOST_TEST(list.with_port(9)[3].port() == 9);
}

BOOST_AUTO_TEST_SUITE_END()
