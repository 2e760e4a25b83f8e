#include "proxy/credentials/google_source.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace spillway::credentials;

std::string why_not(std::string_view text) {
    std::string why;
    return parse_service_account(text, why) ? "" : why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(service_accounts)

BOOST_AUTO_TEST_CASE(a_key_file_is_read_with_its_escapes) {
    std::string why;
    const auto got = parse_service_account(
        R"({"type":"service_account","project_id":"p1","private_key_id":"k","client_email":"a@p",)"
        R"("private_key":"-----BEGIN\nX\n","token_uri":"https://t/x","universe_domain":"u"})",
        why
    );
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->email == "a@p");
    BOOST_TEST(got->project == "p1");
    BOOST_TEST(got->key_id == "k");
    BOOST_TEST(got->token_url == "https://t/x");
    BOOST_TEST(got->private_key.reveal() == "-----BEGIN\nX\n");
}

BOOST_AUTO_TEST_CASE(without_a_token_uri_it_is_googles) {
    std::string why;
    const auto got = parse_service_account(
        R"({"type":"service_account","client_email":"a","private_key":"b"})", why
    );
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->token_url == "https://oauth2.googleapis.com/token");
}

BOOST_AUTO_TEST_CASE(other_files_are_named_for_what_they_lack) {
    BOOST_TEST(why_not("") == "it is no JSON object");
    BOOST_TEST(why_not("[]") == "it is no JSON object");
    BOOST_TEST(why_not(R"({"type":"authorized_user"})") == "its type is not service_account");
    BOOST_TEST(
        why_not(R"({"type":"service_account","client_email":"a"})") ==
        "it has no client_email or no private_key"
    );
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_sign_makes_no_source) {
    service_account account;
    account.email = "a";
    account.token_url = "https://t/x";
    account.private_key = spillway::base::secret{"no PEM"};
    BOOST_TEST((google_source::make(account, {}, {}) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
