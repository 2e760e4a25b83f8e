#include "proxy/wire/octets.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace spillway::wire {
namespace {

BOOST_AUTO_TEST_SUITE(octet_scans)

// The vector paths against the tables, with the odd octet at every place of a text of every size.
BOOST_AUTO_TEST_CASE(scans_find_every_octet_at_every_place) {
    for (std::size_t size = 1; size <= 70; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (int octet : {0x00, 0x09, 0x0a, 0x1f, 0x20, 0x23, 0x3a, 0x7e, 0x7f, 0x80, 0xff}) {
                std::vector<char> text(size, 'a');
                text[place] = static_cast<char>(octet);
                const char* begin = text.data();
                const char* end = begin + size;
                const char* odd = begin + place;
                const auto expected = [&](bool found) {
                    return found ? odd : end;
                };
                const char c = *odd;
                const bool right =
                    octets::find_control({begin, size}) ==
                        expected(octets::is(c, octets::control)) &&
                    octets::holds_control({begin, size}) == octets::is(c, octets::control) &&
                    octets::find_octet(begin, end, begin, ':') == expected(c == ':') &&
                    octets::find_outside<octets::token>(begin, end, begin) ==
                        expected(!octets::is(c, octets::token)) &&
                    octets::find_outside<octets::target>(begin, end, begin) ==
                        expected(!octets::is(c, octets::target));
                BOOST_TEST(right, "octet " << octet << " at " << place << " of " << size);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(bits_of_a_block_agree_with_the_tables_for_all_octets) {
    for (unsigned first = 0; first < 256; first += 64) {
        char block[64];
        for (unsigned i = 0; i < 64; ++i) {
            block[i] = static_cast<char>(first + i);
        }
        const octets::line_bits bits = octets::bits_of_64(block);
        for (unsigned i = 0; i < 64; ++i) {
            BOOST_TEST(((bits.control >> i & 1) != 0) == octets::is(block[i], octets::control));
            BOOST_TEST(((bits.colon >> i & 1) != 0) == (block[i] == ':'));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_decimal_is_digits_and_nothing_else) {
    const auto read = [](std::string_view text) {
        std::uint64_t number = 77;
        return octets::read_decimal(text, number) ? std::to_string(number) : "no";
    };
    BOOST_TEST(read("0") == "0");
    BOOST_TEST(read("0042") == "42");
    BOOST_TEST(read("999999999999999999") == "999999999999999999");
    for (const std::string_view bad : {"", "+1", "-1", " 1", "1 ", "0x1", "1a", "/", ":", "\xff"})
        BOOST_TEST(read(bad) == "no", "'" << bad << "'");
}

BOOST_AUTO_TEST_CASE(classes_are_those_of_the_standard) {
    std::string tokens;
    for (int c = 0; c < 256; ++c) {
        if (octets::is(static_cast<char>(c), octets::token)) tokens += static_cast<char>(c);
    }
    BOOST_TEST(
        tokens == "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"
    );
    BOOST_TEST(!octets::are_all("", octets::token));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
