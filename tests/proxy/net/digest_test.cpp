#include "proxy/net/digest.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace spillway;

namespace {

std::string hex(const net::digest& of) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t octet : of) {
        text += digits[octet >> 4];
        text += digits[octet & 15];
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(digest)

// RFC 4231, cases 1, 2 and 6.
BOOST_AUTO_TEST_CASE(hmac_gives_the_published_values) {
    const std::vector<std::uint8_t> first(20, 0x0b);
    BOOST_TEST(
        hex(net::hmac_sha256(first, "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    const std::vector<std::uint8_t> second{'J', 'e', 'f', 'e'};
    BOOST_TEST(
        hex(net::hmac_sha256(second, "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    const std::vector<std::uint8_t> sixth(131, 0xaa);
    BOOST_TEST(
        hex(net::hmac_sha256(sixth, "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}

BOOST_AUTO_TEST_CASE(random_octets_differ) {
    BOOST_TEST((net::random_digest() != net::random_digest()));
}

BOOST_AUTO_TEST_CASE(equality_is_what_it_says) {
    BOOST_TEST(net::constant_time_equal("", ""));
    BOOST_TEST(net::constant_time_equal("abc", "abc"));
    BOOST_TEST(!net::constant_time_equal("abc", "abd"));
    BOOST_TEST(!net::constant_time_equal("abc", "ab"));
}

BOOST_AUTO_TEST_CASE(one_octet_anywhere_makes_a_difference) {
    for (std::size_t size = 1; size <= 40; ++size) {
        const std::string text(size, 'k');
        BOOST_TEST(net::constant_time_equal(text, std::string(size, 'k')));
        for (std::size_t at = 0; at < size; ++at) {
            std::string other = text;
            other[at] ^= 1;
            BOOST_TEST(!net::constant_time_equal(text, other), at << " of " << size);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
