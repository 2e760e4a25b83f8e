#include "proxy/wire/field_table.hpp"
#include "proxy/wire/head_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <set>
#include <string>

namespace spillway::wire {
namespace {

field at(std::size_t i) {
    return static_cast<field>(i);
}

// Looks twice: with nothing behind the name, and inside a longer text, where whole blocks are read.
field look_up(std::string_view name) {
    const std::string text = std::string{name} + ": what stands behind a name\r\n";
    const field inside = names::find({text.data(), name.size()}, text.data() + text.size());
    const field alone = lookup(std::string{name});
    BOOST_TEST((inside == alone), name);
    return alone;
}

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(every_name_is_found_in_any_case) {
    for (std::size_t i = 1; i < field_count; ++i) {
        std::string name{name_of(at(i))};
        BOOST_TEST((look_up(name) == at(i)), name);
        for (std::size_t c = 0; c < name.size(); c += 2) {
            name[c] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[c])));
        }
        BOOST_TEST((look_up(name) == at(i)), name);
    }
}

BOOST_AUTO_TEST_CASE(a_name_with_one_octet_changed_is_unknown) {
    for (std::size_t i = 1; i < field_count; ++i) {
        const std::string name{name_of(at(i))};
        for (std::size_t c = 0; c < name.size(); ++c) {
            for (int bit : {0x01, 0x10, 0x20, 0x40, 0x80}) {
                std::string other = name;
                other[c] = static_cast<char>(other[c] ^ bit);
                const bool same_letter =
                    bit == 0x20 && std::isalpha(static_cast<unsigned char>(name[c]));
                const field found = look_up(other);
                const bool is_itself = found == at(i);
                BOOST_TEST(is_itself == same_letter, name << " at " << c << " bit " << bit);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(shorter_longer_and_empty_names_are_unknown) {
    for (std::string_view name : {"", "a", "hos", "hosts", "content-lengt", "content-lengthx"}) {
        BOOST_TEST((look_up(name) == field::unknown), name);
    }
    BOOST_TEST((look_up(std::string(5000, 'x')) == field::unknown));
}

BOOST_AUTO_TEST_CASE(several_fields_are_asked_for_at_once) {
    static constexpr field_set some{field::host, field::x_spillway_timeout_total};
    static constexpr field_set others{field::cookie, field::x_title};
    request_head head;
    const std::string text = "GET / HTTP/1.1\r\nHost: a\r\nX-Title: b\r\n\r\n";
    BOOST_TEST_REQUIRE((parse_request(text, head).state == head_state::complete));
    BOOST_TEST(head.has_any_of(some));
    BOOST_TEST(head.has_any_of(others));
    BOOST_TEST(!head.has_any_of(field_set{field::cookie, field::x_spillway_timeout_total}));
}

BOOST_AUTO_TEST_CASE(what_must_not_pass_has_a_trait_that_says_so) {
    for (field id :
         {field::host,
          field::content_length,
          field::transfer_encoding,
          field::connection,
          field::keep_alive,
          field::te,
          field::trailer,
          field::upgrade,
          field::authorization,
          field::proxy_authorization,
          field::proxy_connection,
          field::x_api_key,
          field::api_key,
          field::x_goog_api_key,
          field::cookie,
          field::set_cookie,
          field::alt_svc,
          field::server}) {
        BOOST_TEST(!may_be_forwarded(id), name_of(id));
    }
    BOOST_TEST(has_trait(field::authorization, trait::secret));
    BOOST_TEST(has_trait(field::connection, trait::hop_by_hop));
    BOOST_TEST(has_trait(field::content_length, trait::framing));
    BOOST_TEST(may_be_forwarded(field::content_type));
    BOOST_TEST(may_be_forwarded(field::retry_after));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace spillway::wire
