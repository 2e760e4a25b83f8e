#include "proxy/options/help.hpp"

#include "proxy/options/flags.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway {

namespace {

using namespace settings;

constexpr std::size_t width = 100;

constexpr std::string_view introduction =
    R"(spillway - one gateway in front of every LLM provider

Usage: spillway [--flag value]...

Examples:
  OPENAI_API_KEY=sk-... spillway --auth off
      a gateway for this machine on http://127.0.0.1:8080/v1
  spillway --listen 0.0.0.0:8080 --key app=env:APP_KEY --provider openai,key=file:/etc/openai.key
      for others, who must show a key
  spillway --provider lab,protocol=chat,url=http://127.0.0.1:9000/v1 --model qwen=lab:qwen3-32b
      a server of your own beside the known providers
  spillway --flagfile /etc/spillway.flags --check
      explain all faults of a configuration, or say that there are none

Every flag may also stand in a --flagfile, one a line, or in a variable (SPILLWAY_MAX_BODY for
--max-body; flags that repeat are separated by ';' or line ends). The command line wins, then the
variables, then the file; flags that repeat add up in that order.
)";

constexpr std::string_view values_text =
    R"(Values:
  SECRET    env:NAME, file:PATH, cred:NAME (systemd credential), or literal:TEXT (with a warning)
  DURATION  250ms, 10s, 5m, 1h, 7d
  SIZE      bytes, or 64KiB, 10MiB, 1GiB
  USD       decimal dollars such as 0.0375, kept exactly
  GLOB      a name in which * stands for any text
)";

constexpr std::string_view ending =
    R"(Signals: SIGHUP reads the configuration again, or refuses it whole; SIGTERM drains.
Exit status: 0 clean, 1 configuration fault, 2 could not start.
Topics for --help: )";

// Adds the words of `text`, `indent` columns from the left, broken before column `width`.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent) {
    std::size_t column = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const bool starts_line = column == 0 || column + 1 + word.size() > width;
        if (starts_line) {
            if (column != 0) out += '\n';
            out.append(indent, ' ');
            column = indent;
        } else {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    if (column != 0) out += '\n';
}

std::string usage_of(const flag& row) {
    std::string text = fmt::format("--{}", row.name);
    if (!row.argument.empty()) text.append(1, ' ').append(row.argument);
    return text;
}

std::string summary_of(const flag& row) {
    std::string text{row.brief};
    if (row.use == flag_use::repeatable || row.use == flag_use::file) text += "; repeatable";
    if (!row.default_text.empty()) text += fmt::format(" [{}]", row.default_text);
    return text;
}

// `left` and, from column `text_column` on, `text`; on a line of its own when `left` is too wide.
void append_columns(std::string& out, std::string_view left, std::string_view text) {
    constexpr std::size_t text_column = 34;
    if (left.size() + 2 > text_column) {
        out.append(left).append(1, '\n');
        append_wrapped(out, text, text_column);
        return;
    }
    std::string line;
    append_wrapped(line, text, text_column);
    out += line.replace(0, left.size(), left);
}

void append_in_full(std::string& out, const flag& row) {
    out += usage_of(row) + '\n';
    append_wrapped(out, summary_of(row), 4);
    append_wrapped(out, row.details, 4);
    if (row.use != flag_use::action) {
        out += fmt::format("    Variable: {}\n", variable_name(row.name));
    }
    if (row.keys == nullptr) return;
    out += "    Keys:\n";
    for (const key_text& key : row.keys()) {
        append_columns(out, fmt::format("      {}={}", key.name, key.argument), key.brief);
    }
}

std::string topics() {
    std::string names;
    for (const flag_group group : all_groups) {
        if (!names.empty()) names += ", ";
        names += name_of(group);
    }
    return names + ", or a flag's name\n";
}

std::string render_overview() {
    std::string out{introduction};
    for (const flag_group group : all_groups) {
        out += fmt::format("\n{}:\n", title_of(group));
        for (const flag& row : flags_of(group))
            append_columns(out, "  " + usage_of(row), summary_of(row));
    }
    return out + '\n' + std::string{values_text} + '\n' + std::string{ending} + topics();
}

// "--listen" and "listen" are the same topic.
std::string_view without_dashes(std::string_view topic) {
    if (topic.starts_with("--")) topic.remove_prefix(2);
    return topic;
}

const flag_group* find_group(std::string_view name) {
    const auto found =
        std::find_if(std::begin(all_groups), std::end(all_groups), [&](flag_group group) {
            return name_of(group) == name;
        });
    return found == std::end(all_groups) ? nullptr : found;
}

// '|' would end a cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

}  // namespace

bool is_help_topic(std::string_view topic) {
    topic = without_dashes(topic);
    return topic.empty() || find_group(topic) != nullptr || find_flag(topic) != nullptr;
}

std::string render_help(std::string_view topic) {
    topic = without_dashes(topic);
    if (topic.empty()) return render_overview();
    std::string out;
    if (const flag_group* group = find_group(topic)) {
        out += fmt::format("{}\n", title_of(*group));
        for (const flag& row : flags_of(*group)) {
            out += '\n';
            append_in_full(out, row);
        }
        return out + '\n' + std::string{values_text};
    }
    if (const flag* row = find_flag(topic)) {
        append_in_full(out, *row);
        return out;
    }
    return fmt::format("There is no help on {}. Topics: {}", shown(topic), topics());
}

std::string render_flag_table_markdown() {
    std::string out = "| flag | default | meaning |\n|---|---|---|\n";
    for (const flag_group group : all_groups) {
        for (const flag& row : flags_of(group)) {
            const std::string repeat =
                row.use == flag_use::repeatable || row.use == flag_use::file ? " (repeatable)" : "";
            const std::string default_text =
                row.default_text.empty() ? "–" : cell(row.default_text);
            out += fmt::format(
                "| `{}`{} | {} | {} |\n", cell(usage_of(row)), repeat, default_text, cell(row.brief)
            );
        }
    }
    return out;
}

}  // namespace spillway
