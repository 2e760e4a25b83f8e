#include "proxy/options/flags.hpp"
#include "proxy/options/help.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

using namespace spillway;
using namespace spillway::settings;

namespace {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool fits(std::string_view text) {
    for (const std::string& line : lines_of(text)) {
        BOOST_TEST(line.size() <= 100U, line);
        BOOST_TEST(!line.ends_with(' '), line);
    }
    return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options_help)

BOOST_AUTO_TEST_CASE(help_starts_with_examples_and_names_every_flag) {
    const std::string text = render_help("");
    BOOST_TEST(fits(text));
    BOOST_TEST(text.find("Examples:") < text.find("Listeners:"));
    for (const std::string_view name : flag_names())
        BOOST_TEST(text.contains("  --" + std::string{name}), name);
}

BOOST_AUTO_TEST_CASE(every_group_and_every_flag_has_help_of_its_own) {
    for (const flag_group group : all_groups) {
        const std::string text = render_help(name_of(group));
        BOOST_TEST(is_help_topic(name_of(group)));
        BOOST_TEST(fits(text));
        for (const flag& row : flags_of(group)) {
            BOOST_TEST(text.contains("--" + std::string{row.name}), row.name);
            BOOST_TEST(is_help_topic(row.name));
            BOOST_TEST(fits(render_help(row.name)));
        }
    }
    BOOST_TEST(render_help("--provider").contains("weight=N"));
    BOOST_TEST(render_help("key").contains("Variable: SPILLWAY_KEY\n"));
}

BOOST_AUTO_TEST_CASE(the_readme_shows_the_flags_there_are) {
    std::ifstream file{"README.md"};
    const std::string readme{std::istreambuf_iterator<char>{file}, {}};
    const std::string wanted =
        "<!-- flags -->\n" + render_flag_table_markdown() + "<!-- /flags -->";
    BOOST_TEST(
        readme.contains(wanted),
        "put this between the flags marks of README.md:\n"
            << wanted
    );
}

BOOST_AUTO_TEST_CASE(an_unknown_topic_lists_the_topics) {
    BOOST_TEST(!is_help_topic("nonsense"));
    BOOST_TEST(
        render_help("nonsense") == "There is no help on nonsense. Topics: listeners, providers, "
                                   "models, access, limits, logging, other, or a flag's name\n"
    );
}

BOOST_AUTO_TEST_CASE(flags_have_one_name_each_and_a_line_that_says_what_they_do) {
    std::set<std::string_view> names;
    for (const flag_group group : all_groups) {
        for (const flag& row : flags_of(group)) {
            BOOST_TEST((row.group == group));
            BOOST_TEST(names.insert(row.name).second, row.name);
            BOOST_TEST(!row.brief.empty(), row.name);
            BOOST_TEST(!row.brief.ends_with('.'), row.name);
            BOOST_TEST((row.details.empty() || row.details.ends_with('.')), row.name);
            const bool is_setting = row.use != flag_use::action && row.use != flag_use::file;
            BOOST_TEST((row.read != nullptr) == is_setting, row.name);
            BOOST_TEST((row.print != nullptr) == is_setting, row.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_markdown_table_has_a_row_a_flag_and_three_cells_a_row) {
    const std::vector<std::string> lines = lines_of(render_flag_table_markdown());
    BOOST_TEST(lines.size() == flag_names().size() + 2);
    BOOST_TEST(lines[0] == "| flag | default | meaning |");
    for (const std::string& line : lines) {
        std::size_t bars = 0;
        for (std::size_t i = 0; i < line.size(); ++i)
            bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
        BOOST_TEST(bars == 4U, line);
    }
    BOOST_TEST(
        lines[2] == "| `--listen ADDR:PORT\\|unix:PATH\\|fd:N` (repeatable) | 127.0.0.1:8080 | "
                    "Where clients connect |"
    );
}

BOOST_AUTO_TEST_CASE(variables_are_flags_in_capitals) {
    BOOST_TEST(variable_name("max-body") == "SPILLWAY_MAX_BODY");
    BOOST_TEST(variable_name("key") == "SPILLWAY_KEY");
}

BOOST_AUTO_TEST_SUITE_END()
