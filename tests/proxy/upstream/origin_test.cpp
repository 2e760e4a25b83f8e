#include "proxy/upstream/origin.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>
#include <string>

namespace {

using namespace spillway;
using upstream::parse_origin;

}  // namespace

BOOST_AUTO_TEST_SUITE(origins)

BOOST_AUTO_TEST_CASE(a_url_is_cut_into_scheme_host_and_port) {
    struct row {
        const char* url;
        upstream::scheme scheme;
        const char* host;
        std::uint16_t port;
        const char* authority;
    };
    using enum upstream::scheme;
    const row rows[] = {
        {"https://api.openai.com", https, "api.openai.com", 443, "api.openai.com"},
        {"https://api.openai.com/v1", https, "api.openai.com", 443, "api.openai.com"},
        {"http://localhost", http, "localhost", 80, "localhost"},
        {"http://127.0.0.1:11434/v1", http, "127.0.0.1", 11434, "127.0.0.1:11434"},
        {"https://host:8443", https, "host", 8443, "host:8443"},
        {"http://[::1]/a:b", http, "::1", 80, "[::1]"},
        {"https://[2001:db8::7]:65535/v1", https, "2001:db8::7", 65535, "[2001:db8::7]:65535"},
    };
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(one.url) {
            const upstream::origin made = parse_origin(one.url, "ca.pem");
            BOOST_TEST((made.scheme == one.scheme));
            BOOST_TEST(made.host == one.host);
            BOOST_TEST(made.port == one.port);
            BOOST_TEST(made.authority == one.authority);
            BOOST_TEST(made.ca_file == "ca.pem");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_origin_is_refused) {
    for (const char* url :
         {"",
          "api.openai.com",
          "ftp://host",
          "https://",
          "https:///v1",
          "https://:443",
          "http://[]",
          "http://host:",
          "http://host:0",
          "http://host:65536",
          "http://host:80x",
          "http://host:-1"}) {
        BOOST_TEST_CONTEXT(url) {
            BOOST_CHECK_THROW((void)parse_origin(url, ""), std::invalid_argument);
        }
    }
}

// Whatever must be equal for a connection to be shared is in the identity, and nothing else.
BOOST_AUTO_TEST_CASE(connections_are_shared_by_what_makes_them_alike) {
    const std::string base = parse_origin("https://host/v1", "").identity();
    BOOST_TEST(parse_origin("https://host:443/other", "").identity() == base);
    const std::set<std::string> different{
        base,
        parse_origin("http://host", "").identity(),
        parse_origin("http://host:443", "").identity(),
        parse_origin("https://host:8443", "").identity(),
        parse_origin("https://host2", "").identity(),
        parse_origin("https://host", "ca.pem").identity()};
    BOOST_TEST(different.size() == 6U);
}

BOOST_AUTO_TEST_SUITE_END()
