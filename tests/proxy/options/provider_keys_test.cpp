// Where an account's key, region and project come from when no flag names them.
#include "proxy/options/parser.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace {

using namespace spillway;

constexpr std::string_view bearer[] = {"AWS_BEARER_TOKEN_BEDROCK"};
constexpr known_provider known[] = {
    {"vertex",
     settings::protocol::gemini,
     "https://{region}.example.com/projects/{project}",
     {},
     known_provider::key_need::required,
     {},
     known_provider::key_kind::google},
    {"bedrock",
     settings::protocol::converse,
     "https://{region}.example.com",
     bearer,
     known_provider::key_need::required,
     {},
     known_provider::key_kind::amazon}};

struct place {
    environment variables;
    std::map<std::string, std::string> files;

    parse_outcome parse(std::string provider) const {
        parse_input input;
        input.arguments = {"--provider", std::move(provider), "--auth", "off"};
        input.variables = variables;
        input.known_providers = known;
        input.read_file = [this](const std::string& path, std::string& why_not) {
            const auto found = files.find(path);
            why_not = "No such file or directory";
            return found == files.end() ? std::nullopt : std::optional{found->second};
        };
        return parse_options(input);
    }
    settings::provider one(std::string provider) const {
        const parse_outcome got = parse(std::move(provider));
        for (const remark& why : got.complaints)
            BOOST_ERROR(why.what);
        BOOST_TEST_REQUIRE(got.value.providers.size() == 1U);
        return got.value.providers.front();
    }
    std::string complaint(std::string provider) const {
        const parse_outcome got = parse(std::move(provider));
        BOOST_TEST_REQUIRE(!got.complaints.empty());
        return got.complaints.front().what + "; " + got.complaints.front().advice;
    }
};

std::string_view text(const std::optional<settings::secret_value>& secret) {
    return secret ? secret->value.reveal() : "(none)";
}

constexpr auto account_file = R"({"type": "service_account",
 "project_id": "p-file"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(provider_keys)

BOOST_AUTO_TEST_CASE(googles_variable_names_the_key_file_and_the_file_its_project) {
    const place at{{{"GOOGLE_APPLICATION_CREDENTIALS", "/k.json"}}, {{"/k.json", account_file}}};
    const settings::provider got = at.one("vertex,region=r1");
    BOOST_TEST(text(got.credentials) == account_file);
    BOOST_TEST(got.credentials->reference == "file:/k.json");
    BOOST_TEST(got.url == "https://r1.example.com/projects/p-file");
    BOOST_TEST(!got.key.has_value());
}

BOOST_AUTO_TEST_CASE(what_a_flag_says_stands_above_the_variables) {
    const place at{
        {{"GOOGLE_APPLICATION_CREDENTIALS", "/k.json"},
         {"GOOGLE_CLOUD_PROJECT", "p-variable"},
         {"GOOGLE_CLOUD_LOCATION", "r-variable"},
         {"TOKEN", "t"}},
        {{"/k.json", account_file}, {"/other.json", "{}"}}};
    BOOST_TEST(at.one("vertex").url == "https://r-variable.example.com/projects/p-variable");
    BOOST_TEST(at.one("vertex,project=p,region=r").url == "https://r.example.com/projects/p");
    BOOST_TEST(text(at.one("vertex,credentials=file:/other.json").credentials) == "{}");
    const settings::provider with_key = at.one("vertex,key=env:TOKEN");
    BOOST_TEST(text(with_key.key) == "t");
    BOOST_TEST(!with_key.credentials.has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
    const place at{{{"GOOGLE_APPLICATION_CREDENTIALS", "/k.json"}}, {}};
    BOOST_TEST(at.complaint("vertex,region=r,project=p").contains("file:/k.json cannot be read"));
    BOOST_TEST(place{}.complaint("vertex,region=r,project=p").contains("credentials=file:PATH"));
}

BOOST_AUTO_TEST_CASE(amazons_keys_come_from_its_variables) {
    place at{
        {{"AWS_ACCESS_KEY_ID", "AKID"},
         {"AWS_SECRET_ACCESS_KEY", "s"},
         {"AWS_REGION", "eu-west-1"}},
        {}};
    settings::provider got = at.one("bedrock");
    BOOST_TEST(text(got.access_key_id) == "AKID");
    BOOST_TEST(text(got.secret_access_key) == "s");
    BOOST_TEST(text(got.session_token) == "(none)");
    BOOST_TEST(got.url == "https://eu-west-1.example.com");
    at.variables["AWS_SESSION_TOKEN"] = "session";
    BOOST_TEST(text(at.one("bedrock").session_token) == "session");
    at.variables["AWS_BEARER_TOKEN_BEDROCK"] = "b";
    got = at.one("bedrock");
    BOOST_TEST(text(got.key) == "b");
    BOOST_TEST(text(got.access_key_id) == "(none)");
}

BOOST_AUTO_TEST_CASE(amazons_shared_file_has_profiles) {
    const std::string file =
        "# comment\n[default]\naws_access_key_id=A\naws_secret_access_key = a\n\n"
        "[work]\r\naws_access_key_id = W\r\naws_secret_access_key = w=\r\naws_session_token = "
        "s\r\n";
    place at{{{"HOME", "/home/u"}}, {{"/home/u/.aws/credentials", file}}};
    settings::provider got = at.one("bedrock,region=r");
    BOOST_TEST(text(got.access_key_id) == "A");
    BOOST_TEST(text(got.secret_access_key) == "a");
    BOOST_TEST(got.secret_access_key->reference == "");
    at.variables["AWS_PROFILE"] = "work";
    got = at.one("bedrock,region=r");
    BOOST_TEST(text(got.secret_access_key) == "w=");
    BOOST_TEST(text(got.session_token) == "s");
    at.variables["AWS_PROFILE"] = "nobody";
    BOOST_TEST(at.complaint("bedrock,region=r").contains("bedrock has no key"));
}

BOOST_AUTO_TEST_CASE(containers_and_instances_are_asked_where_nothing_else_is_found) {
    place at{{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1"}}, {}};
    settings::provider got = at.one("bedrock,region=r");
    BOOST_TEST_REQUIRE(got.keys_from.has_value());
    BOOST_TEST(got.keys_from->url == "http://169.254.170.2/v2/credentials/1");
    at.variables = {
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:8/c"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"}};
    at.files = {{"/token", "word\n"}};
    got = at.one("bedrock,region=r");
    BOOST_TEST(text(got.keys_from->authorization) == "word");
    at.variables = {};
    at.files = {{"/sys/devices/virtual/dmi/id/sys_vendor", "Amazon EC2\n"}};
    got = at.one("bedrock,region=r");
    BOOST_TEST_REQUIRE(got.keys_from.has_value());
    BOOST_TEST((got.keys_from->what == settings::key_place::kind::instance));
    at.variables = {{"AWS_EC2_METADATA_DISABLED", "true"}};
    BOOST_TEST(at.complaint("bedrock,region=r").contains("has no key"));
}

BOOST_AUTO_TEST_CASE(a_containers_word_goes_to_no_other_host_in_clear_text) {
    for (const char* url :
         {"http://example.com/c", "http://127.0.0.1.example.com/", "ftp://x", "http://u@h/"}) {
        const place at{{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}, {}};
        BOOST_TEST(at.complaint("bedrock,region=r").contains("no address to send a token to"), url);
    }
    for (const char* url :
         {"https://example.com/c", "http://169.254.170.23/v1", "http://[::1]/c"}) {
        const place at{{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}, {}};
        BOOST_TEST(at.one("bedrock,region=r").keys_from.has_value(), url);
    }
}

BOOST_AUTO_TEST_CASE(half_a_pair_is_a_slip_and_not_made_whole) {
    const place at{
        {{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"HALF", "h"}}, {}};
    BOOST_TEST(at.complaint("bedrock,region=r,access-key-id=env:HALF").contains("has no key"));
}

BOOST_AUTO_TEST_SUITE_END()
