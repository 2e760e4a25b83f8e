#include "proxy/options/flags.hpp"
#include "proxy/options/print.hpp"
#include "tests/proxy/options/desk.hpp"

#include <boost/test/unit_test.hpp>

using namespace spillway;
using namespace spillway::settings;
using spillway::testing::desk;
using spillway::testing::has;
using spillway::testing::open_desk;

namespace {

// Parses what --print-config shows with the same environment and files.
parse_outcome parse_printed(const desk& d, const options& value) {
    desk again;
    again.variables = d.variables;
    again.files = d.files;
    again.files["printed"] = render_config(value);
    again.arguments = {"--flagfile", "printed"};
    return again.parse();
}

bool comes_back(const desk& d) {
    const parse_outcome first = d.parse();
    BOOST_TEST(first.is_usable(), render_remarks(first));
    const parse_outcome second = parse_printed(d, first.value);
    BOOST_TEST(second.is_usable(), render_remarks(second) + render_config(first.value));
    BOOST_TEST(render_config(second.value) == render_config(first.value));
    return first.value == second.value;
}

desk everything() {
    desk d;
    d.arguments = {
        "--listen",
        "0.0.0.0:80",
        "--listen",
        "[::1]:81",
        "--listen",
        "unix:/run/a #b",
        "--listen",
        "fd:3",
        "--tls-cert",
        " /c",
        "--tls-key",
        "\"k\"",
        "--tls-client-ca",
        "/a\\",
        "--workers",
        "4",
        "--no-env-providers",
        "--provider",
        "openai",
        "--provider",
        "lab/eu,protocol=chat,url=https://lab.example/"
        "v1,key=env:LAB,weight=2,priority=1,concurrency=8,region=eu-1,project=p1,"
        "api-version=v1,ca=\"/a,b\",header=X-A:1,header=\"X-B:a, \\\"b\\\" \\\\ "
        "#c;\",data=train,connect-timeout=1s,tls-timeout=2500ms,"
        "first-byte-timeout=3m,idle-timeout=4h,total-timeout=5d",
        "--provider",
        "ollama",
        "--model",
        "m=openai:u,in=0.0375,out=10,cache-read=0.000000001,request=0.005,context=128000,"
        "modalities=text+image>text,params=tools+seed,quality=0.85,weight=3",
        "--model",
        "m2=\"lab/eu:a,b\"",
        "--catalog",
        "/cat.json",
        "--alias",
        "fast=m,m2",
        "--default-model",
        "fast",
        "--allow-model",
        "openai/*",
        "--deny-model",
        "*:free",
        "--allow-provider",
        "*",
        "--deny-provider",
        "gemini",
        "--key",
        "ci=env:CI,models=m+openai/"
        "*,providers=openai,org=acme,expires=2027-01-31T18:00:00Z,concurrency=4",
        "--key",
        "old=file:/key,expires=2027-01-31",
        "--connect-timeout",
        "1s",
        "--tls-timeout",
        "2s",
        "--first-byte-timeout",
        "90s",
        "--idle-timeout",
        "4s",
        "--total-timeout",
        "5s",
        "--sse-keepalive",
        "off",
        "--max-attempts",
        "7",
        "--retry-budget",
        "0%",
        "--max-body",
        "9KiB",
        "--max-head",
        "1025",
        "--max-memory",
        "11GiB",
        "--max-connections",
        "12",
        "--drain-timeout",
        "0",
        "--log-level",
        "trace",
        "--log-format",
        "json",
        "--access-log",
        "/var/log/a #1"};
    d.variables["LAB"] = "lab-key";
    d.variables["CI"] = "0123456789abcdef0123456789abcdef";
    d.files = {
        {" /c", "x"},
        {"\"k\"", "x"},
        {"/a\\", "x"},
        {"/a,b", "x"},
        {"/key", "fedcba9876543210fedcba9876543210\n"},
        {"/cat.json",
         R"({"models":[{"id":"c/d","endpoints":[{"provider":"openai","model":"d","pricing":{"prompt":"0.0000025"}}]}]})"}};
    return d;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options_print)

BOOST_AUTO_TEST_CASE(a_printed_configuration_gives_the_same_options) {
    BOOST_TEST(comes_back(open_desk()));
    BOOST_TEST(comes_back(everything()));
}

BOOST_AUTO_TEST_CASE(the_round_trip_sets_every_flag_there_is) {
    const desk d = everything();
    for (const std::string_view name : flag_names()) {
        const flag* row = find_flag(name);
        if (row->print == nullptr || name == "auth") continue;
        const std::string word = "--" + std::string{name};
        BOOST_TEST(
            (std::find(d.arguments.begin(), d.arguments.end(), word) != d.arguments.end()), word
        );
    }
}

BOOST_AUTO_TEST_CASE(secrets_are_printed_as_their_references) {
    const std::string text = render_config(everything().parse().value);
    BOOST_TEST(text.contains("key=env:LAB"));
    BOOST_TEST(text.contains("--key ci=env:CI"));
    BOOST_TEST(text.contains("--key old=file:/key"));
    for (const char* secret : {"lab-key", "0123456789abcdef", "fedcba9876543210", "sk-openai"}) {
        BOOST_TEST(!text.contains(secret), secret);
        BOOST_TEST(!render_summary(everything().parse().value).contains(secret), secret);
    }
}

BOOST_AUTO_TEST_CASE(a_literal_is_masked_and_the_mask_is_not_taken_for_a_secret) {
    const desk d = open_desk({"--provider", "gemini,key=literal:hunter22"});
    const parse_outcome first = d.parse();
    BOOST_TEST(!render_config(first.value).contains("hunter22"));
    BOOST_TEST(render_config(first.value).contains("key=literal:***"));
    const parse_outcome second = parse_printed(d, first.value);
    BOOST_REQUIRE_EQUAL(second.complaints.size(), 1U);
    BOOST_TEST(
        second.complaints[0].what.contains("literal:*** is the mask that --print-config shows")
    );
}

BOOST_AUTO_TEST_CASE(the_defaults_that_help_shows_are_the_defaults) {
    const options defaults = open_desk().parse().value;
    for (const flag_group group : {flag_group::limits, flag_group::logging}) {
        for (const flag& row : flags_of(group)) {
            if (row.name == "log-format") continue;
            std::vector<std::string> values;
            row.print(defaults, values);
            BOOST_TEST((values.empty() ? "" : values.front()) == row.default_text, row.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_summary_says_what_would_run) {
    const std::string text = render_summary(everything().parse().value);
    BOOST_TEST(text.contains("The configuration is valid.\n"));
    BOOST_TEST(text.contains("0.0.0.0:80 (TLS)\n"));
    BOOST_TEST(text.contains("lab/eu at https://lab.example/v1, key env:LAB\n"));
    BOOST_TEST(text.contains("3 listed, 1 aliases\n"));
    BOOST_TEST(text.contains("2 keys\n"));
}

BOOST_AUTO_TEST_SUITE_END()
