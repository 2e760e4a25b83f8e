// A coded body becomes the plain one within its limits, or says why not and stays what it was.
#include "proxy/server/request_expansion.hpp"
#include "tests/support/coded.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace spillway;
using server::expansion;
using wire::content_coding;

struct coded_body {
    explicit coded_body(std::string_view plain) {
        body.append(testing::coded(content_coding::gzip, plain));
    }
    expansion expand(std::size_t limit) {
        return server::expand(body, content_coding::gzip, limit, memory);
    }
    std::string_view text() const { return body.view().text(); }

    flow::request_buffer body;
    base::memory_gate memory{0, 0};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(request_expansion)

BOOST_AUTO_TEST_CASE(the_plain_body_takes_the_place_of_the_coded_one) {
    const std::string plain(100'000, 'x');
    coded_body at{plain};
    at.body.forwarded = "traceparent: 1\r\n";
    BOOST_TEST((at.expand(100'000) == expansion::done));
    BOOST_TEST((at.text() == plain));
    BOOST_TEST(at.body.forwarded == "traceparent: 1\r\n");
}

BOOST_AUTO_TEST_CASE(one_octet_beyond_the_limit_is_too_many) {
    coded_body at{std::string(100'000, 'x')};
    BOOST_TEST((at.expand(99'999) == expansion::too_large));
}

BOOST_AUTO_TEST_CASE(a_body_cut_short_is_broken) {
    const std::string whole = testing::coded(content_coding::gzip, "some text");
    coded_body at{""};
    at.body.take_octets({});
    at.body.append(std::string_view{whole}.substr(0, whole.size() - 1));
    BOOST_TEST((at.expand(1000) == expansion::broken));
    at.body.take_octets({});
    at.body.append("");
    BOOST_TEST((at.expand(1000) == expansion::broken));
}

BOOST_AUTO_TEST_CASE(what_it_becomes_is_promised_by_the_process) {
    base::memory_gate tight{20'000, 0};
    coded_body small{std::string(100, 'x')};
    BOOST_TEST((server::expand(small.body, content_coding::gzip, 1 << 20, tight) == expansion::done)
    );
    BOOST_TEST(tight.promised() == 16u * 1024);
    small.body.take_octets({});
    BOOST_TEST(tight.promised() == 0u);
    coded_body large{std::string(100'000, 'x')};
    BOOST_TEST(
        (server::expand(large.body, content_coding::gzip, 1 << 20, tight) == expansion::no_memory)
    );
    BOOST_TEST(tight.promised() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
