#include "adapters/protocols/converse/sigv4.hpp"
#include "tests/adapters/support/files.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

namespace {

using namespace spillway;
using namespace spillway::adapters;
using namespace std::chrono_literals;

// The published example's key; it opens nothing.
constexpr converse::aws_credentials example{
    "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
constexpr converse::signing_scope scope{"us-east-1", "service"};
const converse::amz_time when{
    std::chrono::sys_days{std::chrono::year{2015} / 8 / 30} + 12h + 36min};

std::string hash_of(std::string_view body) {
    return converse::payload_hash(std::span{&body, 1});
}

std::string value_of(const std::vector<head_field>& fields, std::string_view name) {
    for (const head_field& one : fields) {
        if (one.name == name) return one.value;
    }
    return {};
}

std::string first_line(std::string_view text) {
    return std::string{text.substr(0, text.find('\n'))};
}

std::string path_signed_for(std::string_view target) {
    const std::string hash = hash_of("");
    const std::string text = converse::canonical_request({"GET", target, {}, hash}, example, when);
    const auto from = text.find('\n') + 1;
    const auto to = text.find('\n', text.find('\n', from) + 1);
    return text.substr(from, to - from);
}

// A request as the vectors hold it.
struct told_request {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    explicit told_request(std::string_view text) {
        const auto line_end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, line_end);
        method = line.substr(0, line.find(' '));
        target = line.substr(method.size() + 1, line.rfind(' ') - method.size() - 1);
        text.remove_prefix(std::min(line_end + 1, text.size()));
        while (!text.empty() && text.front() != '\n') {
            const auto end = std::min(text.find('\n'), text.size());
            line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            const auto colon = line.find(':');
            if (line.front() == ' ') {
                fields.back().second.append(" ").append(line);
            } else if (line.substr(0, colon) != "X-Amz-Date") {
                fields.emplace_back(line.substr(0, colon), line.substr(colon + 1));
            }
        }
        if (!text.empty()) body = text.substr(1);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sigv4)

BOOST_AUTO_TEST_CASE(time_is_written_in_utc_and_in_seconds) {
    BOOST_TEST(when.text() == "20150830T123600Z");
    BOOST_TEST(when.day() == "20150830");
    const converse::amz_time late{
        std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 23h + 59min + 59s + 999ms};
    BOOST_TEST(late.text() == "20240229T235959Z");
}

BOOST_AUTO_TEST_CASE(the_plain_request_of_the_documentation_is_signed_as_published) {
    const converse::signing_key key{example.secret_key, when.day(), scope};
    const head_field_view host{"Host", "example.amazonaws.com"};
    const std::string hash = hash_of("");
    const auto fields =
        converse::sign({"GET", "/", std::span{&host, 1}, hash}, example, key, scope, when);
    BOOST_TEST(fields.size() == 2U);
    BOOST_TEST(value_of(fields, "x-amz-date") == "20150830T123600Z");
    BOOST_TEST(
        value_of(fields, "authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    );
}

BOOST_AUTO_TEST_CASE(a_path_is_encoded_once_more_than_it_is_sent) {  // trap 48
    BOOST_TEST(
        path_signed_for("/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse") ==
        "/model/anthropic.claude-3-haiku-20240307-v1%253A0/converse\n"
    );
    BOOST_TEST(
        path_signed_for(
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x/converse-stream"
        ) == "/model/arn%253Aaws%253Abedrock%253Aus-east-1%253A1%253Ainference-profile%252Fus.x/"
             "converse-stream\n"
    );
}

BOOST_AUTO_TEST_CASE(dots_and_double_slashes_leave_the_path) {
    BOOST_TEST(path_signed_for("//a/./b/../c//") == "/a/c/\n");
    BOOST_TEST(path_signed_for("/..") == "/\n");
    BOOST_TEST(path_signed_for("") == "/\n");
}

BOOST_AUTO_TEST_CASE(a_query_is_sorted_and_encoded_once) {
    BOOST_TEST(path_signed_for("/?b=2&a=%2F&a=+&c&a-b=1") == "/\na=%2B&a=%2F&a-b=1&b=2&c=");
    BOOST_TEST(path_signed_for("/?%zz=%4") == "/\n%25zz=%254");
}

BOOST_AUTO_TEST_CASE(temporary_credentials_sign_their_token) {
    const converse::aws_credentials temporary{example.access_key, example.secret_key, "TOKEN"};
    const converse::signing_key key{temporary.secret_key, when.day(), scope};
    const std::string hash = hash_of("");
    const auto fields = converse::sign({"POST", "/", {}, hash}, temporary, key, scope, when);
    BOOST_TEST(value_of(fields, "x-amz-security-token") == "TOKEN");
    BOOST_TEST(
        value_of(fields, "authorization").contains("SignedHeaders=x-amz-date;x-amz-security-token,")
    );
}

BOOST_AUTO_TEST_CASE(a_key_is_good_for_its_day_alone) {
    const converse::signing_key key{example.secret_key, "20150830", scope};
    BOOST_TEST(key.is_for("20150830"));
    BOOST_TEST(!key.is_for("20150831"));
    BOOST_TEST(
        (key.octets() ==
         converse::signing_key{example.secret_key, "20150830", {"us-east-1", "service"}}.octets())
    );
    BOOST_TEST(
        (key.octets() !=
         converse::signing_key{example.secret_key, "20150830", {"us-east-2", "service"}}.octets())
    );
}

BOOST_AUTO_TEST_CASE(a_body_in_pieces_has_the_sum_of_the_whole) {
    const std::string_view pieces[]{"{\"a\"", "", ":1}"};
    BOOST_TEST(converse::payload_hash(pieces) == hash_of("{\"a\":1}"));
    BOOST_TEST(hash_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(the_public_vectors_hold) {
    const std::filesystem::path folder{"../shared/recordings/aws-vectors"};
    if (!std::filesystem::exists(folder)) {
        BOOST_TEST_MESSAGE("skipped: no ../shared/recordings/aws-vectors");
        return;
    }
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
        const std::string name = file.path().filename().string();
        if (!name.ends_with(".req")) continue;
        ++count;
        const auto told = [&](std::string_view kind) {
            auto beside = file.path();
            return testing::read_file(beside.replace_extension(kind));
        };
        const told_request request{testing::read_file(file.path())};
        std::vector<head_field_view> fields;
        for (const auto& [label, value] : request.fields)
            fields.push_back({label, value});
        converse::aws_credentials who = example;
        const std::string canonical = told(".creq");
        const std::string token_label = "\nx-amz-security-token:";
        std::string token;
        if (const auto at = canonical.find(token_label); at != canonical.npos)
            token = first_line(std::string_view{canonical}.substr(at + token_label.size()));
        who.session_token = token;
        const std::string hash = hash_of(request.body);
        const converse::request_to_sign what{request.method, request.target, fields, hash};
        const std::string made = converse::canonical_request(what, who, when);
        BOOST_TEST(made == canonical, name);
        BOOST_TEST(converse::string_to_sign(made, scope, when) == told(".sts"), name);
        const converse::signing_key key{who.secret_key, when.day(), scope};
        const auto signature = converse::sign(what, who, key, scope, when);
        BOOST_TEST(value_of(signature, "authorization") == told(".authz"), name);
    }
    BOOST_TEST_MESSAGE("signature vectors: " << count);
    BOOST_TEST(count > 20U);
}

BOOST_AUTO_TEST_SUITE_END()
