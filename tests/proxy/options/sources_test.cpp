#include "tests/proxy/options/desk.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cstdio>

using namespace spillway;
using namespace spillway::settings;
using spillway::testing::complains;
using spillway::testing::desk;
using spillway::testing::has;
using spillway::testing::open_desk;

BOOST_AUTO_TEST_SUITE(options_sources)

BOOST_AUTO_TEST_CASE(the_command_line_wins_then_the_variables_then_the_file) {
    desk d = open_desk({"--flagfile", "f"});
    d.files["f"] = "--workers 1\n";
    BOOST_TEST(*d.parse().value.workers == 1U);
    d.variables["SPILLWAY_WORKERS"] = "2";
    BOOST_TEST(*d.parse().value.workers == 2U);
    d.arguments.insert(d.arguments.end(), {"--workers", "3"});
    BOOST_TEST(*d.parse().value.workers == 3U);
    BOOST_TEST(d.parse().warnings.empty());
}

BOOST_AUTO_TEST_CASE(repeatable_flags_add_up_in_that_order) {
    desk d = open_desk({"--flagfile", "f", "--deny-model", "a", "--deny-model", "b"});
    d.variables["SPILLWAY_DENY_MODEL"] = "c;d\n\n e ;\"f;g\"";
    d.files["f"] = "--deny-model h\n--deny-model i\n";
    BOOST_TEST(
        (d.parse().value.lists.deny_models ==
         std::vector<std::string>{"a", "b", "c", "d", "e", "f;g", "h", "i"})
    );
}

BOOST_AUTO_TEST_CASE(the_last_mention_in_one_source_counts_with_a_warning) {
    const parse_outcome outcome = open_desk({"--workers", "1", "--workers", "2"}).parse();
    BOOST_TEST(*outcome.value.workers == 2U);
    BOOST_TEST(
        has(outcome.warnings,
            "command line",
            "--workers: given before (command line); this one counts",
            "keep one")
    );
}

BOOST_AUTO_TEST_CASE(a_toggle_can_be_turned_off_by_a_stronger_source) {
    desk d = open_desk({"--no-env-providers=off"});
    d.variables["SPILLWAY_NO_ENV_PROVIDERS"] = "1";
    BOOST_TEST(d.parse().value.env_providers);
    d.arguments = {"--auth", "off", "--provider", "ollama"};
    BOOST_TEST(!d.parse().value.env_providers);
    d.variables["SPILLWAY_NO_ENV_PROVIDERS"] = "";
    BOOST_TEST(d.parse().value.env_providers);
    d.variables["SPILLWAY_NO_ENV_PROVIDERS"] = "maybe";
    BOOST_TEST(
        has(d.parse().complaints,
            "variable SPILLWAY_NO_ENV_PROVIDERS",
            "--no-env-providers: 'maybe'",
            "choose on, off")
    );
}

BOOST_AUTO_TEST_CASE(a_variable_may_name_flag_files) {
    desk d = open_desk();
    d.variables["SPILLWAY_FLAGFILE"] = "a;b";
    d.files = {{"a", "--workers 4"}, {"b", "--max-attempts 5"}};
    const parse_outcome outcome = d.parse();
    BOOST_TEST(*outcome.value.workers == 4U);
    BOOST_TEST(outcome.value.max_attempts == 5U);
}

BOOST_AUTO_TEST_CASE(a_flag_file_has_comments_quotes_blanks_and_both_spellings) {
    desk d = open_desk({"--flagfile", "f"});
    d.files["f"] =
        "\xEF\xBB\xBF# first\r\n\n  --workers=2   # two\r\n\t--max-body\t1KiB\n"
        "--access-log \"/var/log/a #1\"\n--provider lab,protocol=chat,url=http://127.0.0.1/#x\n"
        "--provider own,protocol=chat,url=http://127.0.0.1,header=\"X-A: #1, \\\"q\\\"\" # end\n"
        "--no-env-providers\n--alias \"fast=a,b\"";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.complaints.size() == 1U);
    BOOST_TEST(has(outcome.complaints, "f:6", "--provider: lab: url: ", "base URL"));
    BOOST_TEST(*outcome.value.workers == 2U);
    BOOST_TEST(outcome.value.bounds.body == 1024U);
    BOOST_TEST(outcome.value.access_log.path == "/var/log/a #1");
    BOOST_TEST(outcome.value.providers.back().headers.at(0).value == "#1, \"q\"");
    BOOST_TEST(!outcome.value.env_providers);
    BOOST_TEST(outcome.value.aliases.at(0).models.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_include_is_relative_to_its_own_file) {
    desk d = open_desk({"--flagfile", "/etc/s/main"});
    d.files = {
        {"/etc/s/main", "@include more/one\n@include \"/abs\"\n"},
        {"/etc/s/more/one", "--workers 1\n@include two"},
        {"/etc/s/more/two", "--max-attempts x\n"},
        {"/abs", "--max-body 1"}};
    const parse_outcome outcome = d.parse();
    BOOST_TEST(*outcome.value.workers == 1U);
    BOOST_TEST(outcome.value.bounds.body == 1U);
    BOOST_TEST(outcome.complaints.size() == 1U);
    BOOST_TEST(
        has(outcome.complaints,
            "/etc/s/more/two:1",
            "--max-attempts: 'x' is not a count",
            "from 1 to 100")
    );
}

BOOST_AUTO_TEST_CASE(a_circle_of_includes_is_a_complaint) {
    desk d = open_desk({"--flagfile", "a"});
    d.files = {{"a", "@include b"}, {"b", "\n@include a"}};
    BOOST_TEST(
        has(d.parse().complaints, "b:2", "flag file a includes itself", "remove the @include")
    );
}

BOOST_AUTO_TEST_CASE(includes_that_multiply_are_stopped) {
    desk d = open_desk({"--flagfile", "0"});
    for (int i = 0; i < 12; ++i)
        d.files[std::to_string(i)] = fmt::format("@include {0}\n@include {0}\n", i + 1);
    d.files["12"] = "";
    BOOST_TEST(d.parse().complaints.at(0).what.contains("is one include too many"));
}

BOOST_AUTO_TEST_CASE(faults_of_a_flag_file_are_named_by_line) {
    desk d = open_desk({"--flagfile", "f", "--flagfile", "gone"});
    d.files["f"] =
        "workers 2\n--lisen x\n--check\n--flagfile g\n--workers\n@includes x\n--workers ''\n";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(
        has(outcome.complaints, "f:1", "the line does not start with a flag", "write --flag value")
    );
    BOOST_TEST(has(outcome.complaints, "f:2", "there is no flag --lisen", "did you mean --listen?")
    );
    BOOST_TEST(has(
        outcome.complaints, "f:3", "--check does not work in a flag file", "on the command line"
    ));
    BOOST_TEST(
        has(outcome.complaints, "f:4", "--flagfile does not work in a flag file", "@include FILE")
    );
    BOOST_TEST(has(outcome.complaints, "f:5", "--workers has no value", "write --workers N"));
    BOOST_TEST(has(outcome.complaints, "f:6", "the line is not an @include", ""));
    BOOST_TEST(has(outcome.complaints, "f:7", "--workers: '''' is not a count", ""));
    BOOST_TEST(
        has(outcome.complaints,
            "command line",
            "flag file gone cannot be read: No such file or directory",
            "")
    );
    BOOST_TEST(outcome.complaints.size() == 8U);
}

BOOST_AUTO_TEST_CASE(faults_of_the_command_line_are_all_shown) {
    const parse_outcome outcome =
        open_desk({"--lisen", "x", "stray", "--workers", "--max-body", "--print-config", "--check"})
            .parse();
    BOOST_TEST(complains(outcome, "there is no flag --lisen", "did you mean --listen?"));
    BOOST_TEST(complains(outcome, "argument 5 belongs to no flag"));
    BOOST_TEST(complains(outcome, "--workers has no value", "write --workers N"));
    BOOST_TEST(complains(outcome, "--max-body has no value", "write --max-body SIZE"));
    BOOST_TEST(complains(outcome, "--check comes beside another thing to do"));
    BOOST_TEST(outcome.complaints.size() == 5U);
}

BOOST_AUTO_TEST_CASE(an_unknown_variable_is_a_warning_with_the_nearest_name) {
    desk d = open_desk();
    d.variables["SPILLWAY_WORKER"] = "2";
    d.variables["SPILLWAY_VERSION"] = "1.2.3";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.is_usable());
    BOOST_TEST(
        has(outcome.warnings,
            "variable SPILLWAY_WORKER",
            "no flag has this name",
            "did you mean SPILLWAY_WORKERS?")
    );
    BOOST_TEST(
        has(outcome.warnings,
            "variable SPILLWAY_VERSION",
            "--version works on the command line only",
            "remove")
    );
    BOOST_TEST(outcome.warnings.size() == 2U);
}

BOOST_AUTO_TEST_CASE(variables_that_kubernetes_sets_for_a_service_named_spillway_are_no_flags) {
    desk d = open_desk();
    d.variables["SPILLWAY_PORT"] = "tcp://10.0.0.1:80";
    d.variables["SPILLWAY_SERVICE_HOST"] = "10.0.0.1";
    d.variables["SPILLWAY_SERVICE_PORT_HTTP"] = "80";
    d.variables["SPILLWAY_PORT_80_TCP_ADDR"] = "10.0.0.1";
    d.variables["SPILLWAY_REDIS_SERVICE_HOST"] = "10.0.0.2";
    const parse_outcome outcome = d.parse();
    BOOST_TEST(outcome.is_usable());
    BOOST_TEST(outcome.warnings.empty());
}

BOOST_AUTO_TEST_CASE(the_first_word_may_say_what_to_do_instead) {
    BOOST_TEST((open_desk().parse().what == action::run));
    BOOST_TEST((open_desk({"--check"}).parse().what == action::check));
    BOOST_TEST((open_desk({"--print-config"}).parse().what == action::print_config));
    const parse_outcome routes = open_desk({"--print-routes", "openai/gpt-4o"}).parse();
    BOOST_TEST((routes.what == action::print_routes));
    BOOST_TEST(routes.argument == "openai/gpt-4o");
    BOOST_TEST((open_desk({"--version"}).parse().what == action::version));
    BOOST_TEST(complains(
        open_desk({"--print-routes"}).parse(),
        "--print-routes has no value",
        "write --print-routes MODEL"
    ));
}

BOOST_AUTO_TEST_CASE(help_comes_whatever_else_is_wrong) {
    desk d;
    d.variables = {{"SPILLWAY_WORKERS", "x"}};
    d.arguments = {"--nonsense", "--check", "--help"};
    const parse_outcome outcome = d.parse();
    BOOST_TEST((outcome.what == action::help));
    BOOST_TEST(outcome.argument == "");
    BOOST_TEST(outcome.is_usable());
    d.arguments = {"--help", "access"};
    BOOST_TEST(d.parse().argument == "access");
    d.arguments = {"-h"};
    BOOST_TEST((d.parse().what == action::help));
}

BOOST_AUTO_TEST_CASE(parsing_again_gives_the_same_value_and_sees_changed_files) {
    desk d = open_desk({"--flagfile", "f"});
    d.files["f"] = "--workers 1";
    BOOST_TEST((d.parse().value == d.parse().value));
    d.files["f"] = "--workers 2";
    BOOST_TEST(*d.parse().value.workers == 2U);
}

BOOST_AUTO_TEST_CASE(the_environment_becomes_a_map) {
    const char* variables[] = {"A=1", "B=", "A=2", "=x", "C=a=b", "broken", nullptr};
    BOOST_TEST((make_environment(variables) == environment{{"A", "1"}, {"B", ""}, {"C", "a=b"}}));
    BOOST_TEST(make_environment(nullptr).empty());
}

BOOST_AUTO_TEST_CASE(files_are_read_whole_or_the_reason_is_given) {
    std::string why_not;
    BOOST_TEST(read_whole_file("CMakeLists.txt", why_not)->contains("project(spillway"));
    BOOST_TEST(!read_whole_file("no/such/file", why_not));
    BOOST_TEST(why_not == "No such file or directory");
    BOOST_TEST(!read_whole_file("/", why_not));
    BOOST_TEST(why_not == "Is a directory");
    BOOST_TEST(!read_whole_file("/dev/zero", why_not));
    BOOST_TEST(why_not == "larger than 64 MiB");
}

BOOST_AUTO_TEST_SUITE_END()
