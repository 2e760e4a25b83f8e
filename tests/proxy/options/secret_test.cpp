#include "proxy/options/secret.hpp"
#include "tests/proxy/options/desk.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway;
using namespace spillway::settings;
using spillway::testing::desk;

namespace {

parse_input input_with(const environment& variables, const std::string& content) {
    parse_input input;
    input.variables = variables;
    input.read_file =
        [content](const std::string& path, std::string& why_not) -> std::optional<std::string> {
        if (path == "/run/key" || path == "/creds/openai") return content;
        why_not = "No such file or directory";
        return std::nullopt;
    };
    return input;
}

bool gives(
    std::string_view text,
    const parse_input& input,
    std::string_view reference,
    std::string_view value
) {
    const parsed<secret_value> got = resolve_secret(text, input);
    return got && got->reference == reference && got->value.reveal() == value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options_secret)

BOOST_AUTO_TEST_CASE(a_secret_comes_from_a_variable_a_file_a_credential_or_the_text_itself) {
    const parse_input input =
        input_with({{"KEY", "sk-1"}, {"CREDENTIALS_DIRECTORY", "/creds"}}, "sk-2\n");
    BOOST_TEST(gives("env:KEY", input, "env:KEY", "sk-1"));
    BOOST_TEST(gives("file:/run/key", input, "file:/run/key", "sk-2"));
    BOOST_TEST(gives("cred:openai", input, "cred:openai", "sk-2"));
    BOOST_TEST(gives("literal:sk-3", input, "literal:***", "sk-3"));
}

BOOST_AUTO_TEST_CASE(exactly_one_line_end_is_taken_off_a_file) {
    BOOST_TEST(gives("file:/run/key", input_with({}, "sk"), "file:/run/key", "sk"));
    BOOST_TEST(gives("file:/run/key", input_with({}, "sk\r\n"), "file:/run/key", "sk"));
    BOOST_TEST(!resolve_secret("file:/run/key", input_with({}, "sk\n\n")));
    BOOST_TEST(!resolve_secret("file:/run/key", input_with({}, "sk\nother\n")));
    BOOST_TEST(
        resolve_secret("file:/run/key", input_with({}, "\n")).error().what ==
        "file:/run/key is empty"
    );
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
    const parse_input input = input_with({{"EMPTY", ""}}, "");
    BOOST_TEST(resolve_secret("env:GONE", input).error().what == "the variable GONE is not set");
    BOOST_TEST(resolve_secret("env:EMPTY", input).error().what == "env:EMPTY is empty");
    BOOST_TEST(
        resolve_secret("file:/gone", input).error().what ==
        "file:/gone cannot be read: No such file or directory"
    );
    BOOST_TEST(resolve_secret("cred:openai", input)
                   .error()
                   .what.contains("CREDENTIALS_DIRECTORY is not set"));
    for (const char* wrong :
         {"env:",
          "env:A-B",
          "file:",
          "cred:",
          "cred:../x",
          "cred:a/b",
          "literal:",
          "literal:***",
          ""}) {
        BOOST_TEST(!resolve_secret(wrong, input), wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_pasted_key_is_never_repeated) {
    const parse_input input = input_with({{"BAD", "hunter22 hunter22"}}, "");
    for (const char* wrong :
         {"hunter22",
          "literal:hunter22 hunter22",
          "env:BAD",
          "env:hunter22-x",
          "cred:hunter22/x"}) {
        const problem why = resolve_secret(wrong, input).error();
        BOOST_TEST(!why.what.contains("hunter22"), why.what);
        BOOST_TEST(!why.advice.contains("hunter22"), why.advice);
    }
}

BOOST_AUTO_TEST_CASE(no_complaint_about_a_whole_command_line_holds_a_secret) {
    desk d;
    d.arguments = {
        "hunter22",
        "--open-ai=hunter22",
        "--provider",
        "openai,key=hunter22",
        "--provider",
        "x,hunter22",
        "--provider",
        "openai/b,key=literal:a,hunter22=",
        "--key",
        "hunter22",
        "--key",
        "a=hunter22",
        "--key",
        "b=\"literal:hunter22",
        "--key",
        "c=literal:hunter 22",
        "--provider",
        "own,header=Authorization:hunter22",
        "--provider",
        "y,url=https://u:hunter22@h",
        "--key",
        "d=literal:hunter22-hunter22,models=",
        "--print-config=hunter22"};
    d.variables["SPILLWAY_KEY"] = "hunter22;e=hunter22";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.complaints.size() >= 10U);
    BOOST_TEST(!render_remarks(outcome).contains("hunter22"), render_remarks(outcome));
}

BOOST_AUTO_TEST_SUITE_END()
