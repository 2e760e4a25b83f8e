#include "proxy/options/flags.hpp"

namespace spillway::settings {

namespace {

constexpr choice<log_level> levels[] = {
    {"error", log_level::error},
    {"warn", log_level::warn},
    {"info", log_level::info},
    {"debug", log_level::debug},
    {"trace", log_level::trace}};

constexpr choice<log_format> formats[] = {{"text", log_format::text}, {"json", log_format::json}};

parsed<access_log> parse_access_log(std::string_view text) {
    if (text == "off") return access_log{};
    if (text == "-") return access_log{access_log::target::standard_output, {}};
    const parsed<std::string> path = parse_path(text);
    if (!path) return path.error();
    return access_log{access_log::target::file, *path};
}

std::string access_log_text(const access_log& value) {
    switch (value.where) {
    case access_log::target::off: return "off";
    case access_log::target::standard_output: return "-";
    case access_log::target::file: return value.path;
    }
    return {};
}

constexpr flag rows[] = {
    {.name = "log-level",
     .argument = "LEVEL",
     .default_text = "info",
     .group = flag_group::logging,
     .use = flag_use::once,
     .brief = "Least important message to log: error, warn, info, debug or trace",
     .details = "",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().log_level, parse_choice(s.text, levels)); },
     .print = [](const options& o, std::vector<std::string>& values
              ) { values.emplace_back(name_of_choice(o.log_level, levels)); },
     .keys = nullptr},
    {.name = "log-format",
     .argument = "text|json",
     .default_text = "text on a terminal, else json",
     .group = flag_group::logging,
     .use = flag_use::once,
     .brief = "Form of the process log on standard error",
     .details = "",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().log_format, parse_choice(s.text, formats)); },
     .print =
         [](const options& o, std::vector<std::string>& values) {
             const std::string_view name = name_of_choice(o.log_format, formats);
             if (!name.empty()) values.emplace_back(name);
         },
     .keys = nullptr},
    {.name = "access-log",
     .argument = "PATH|-|off",
     .default_text = "off",
     .group = flag_group::logging,
     .use = flag_use::once,
     .brief = "One line a request, to a file or to standard output",
     .details = "The file is opened again at SIGHUP. Prompts and keys are never part of a line.",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().access_log, parse_access_log(s.text)); },
     .print = [](const options& o, std::vector<std::string>& values
              ) { values.push_back(access_log_text(o.access_log)); },
     .keys = nullptr},
};

}  // namespace

std::span<const flag> logging_flags() {
    return rows;
}

}  // namespace spillway::settings
