#include "proxy/wire/field.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <set>
#include <string>

namespace spillway::wire {
namespace {

field at(std::size_t i) {
    return static_cast<field>(i);
}

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(every_name_is_found_in_any_case) {
    for (std::size_t i = 1; i < field_count; ++i) {
        std::string name{name_of(at(i))};
        BOOST_TEST((lookup(name) == at(i)), name);
        for (std::size_t c = 0; c < name.size(); c += 2) {
            name[c] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[c])));
        }
        BOOST_TEST((lookup(name) == at(i)), name);
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
                const field found = lookup(other);
                const bool is_itself = found == at(i);
                BOOST_TEST(is_itself == same_letter, name << " at " << c << " bit " << bit);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(shorter_longer_and_empty_names_are_unknown) {
    for (std::string_view name : {"", "a", "hos", "hosts", "content-lengt", "content-lengthx"}) {
        BOOST_TEST((lookup(name) == field::unknown), name);
    }
    BOOST_TEST((lookup(std::string(5000, 'x')) == field::unknown));
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
