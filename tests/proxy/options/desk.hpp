// A command line, an environment and files to try out without touching the machine's own. The providers are
// made up but for their names; what a test does not set is a working gateway on loopback.
#pragma once

#include "proxy/options/parser.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace spillway::testing {

inline constexpr std::string_view openai_variables[] = {"OPENAI_API_KEY"};
inline constexpr std::string_view gemini_variables[] = {"GEMINI_API_KEY", "GOOGLE_API_KEY"};
inline constexpr std::string_view azure_variables[] = {"AZURE_OPENAI_API_KEY"};
inline constexpr std::string_view vertex_variables[] = {"VERTEX_KEY"};
inline constexpr known_provider providers[] = {
    {"openai",
     settings::protocol::chat,
     "https://api.openai.com/v1",
     openai_variables,
     known_provider::key_need::required},
    {"gemini",
     settings::protocol::chat,
     "https://generativelanguage.googleapis.com/v1beta/openai",
     gemini_variables,
     known_provider::key_need::required},
    {"vertex",
     settings::protocol::chat,
     "https://{region}.example.com/projects/{project}/regions/{region}",
     vertex_variables,
     known_provider::key_need::required},
    {"azure",
     settings::protocol::chat,
     "",
     azure_variables,
     known_provider::key_need::required,
     "AZURE_OPENAI_ENDPOINT"},
    {"ollama",
     settings::protocol::chat,
     "http://127.0.0.1:11434/v1",
     {},
     known_provider::key_need::optional}};

struct desk {
    std::vector<std::string> arguments;
    environment variables{{"OPENAI_API_KEY", "sk-openai-0123456789"}};
    std::map<std::string, std::string> files;

    parse_outcome parse() const {
        parse_input input;
        input.arguments = arguments;
        input.variables = variables;
        input.known_providers = providers;
        input.read_file =
            [this](const std::string& path, std::string& why_not) -> std::optional<std::string> {
            const auto found = files.find(path);
            if (found != files.end()) return found->second;
            why_not = "No such file or directory";
            return std::nullopt;
        };
        return parse_options(input);
    }
};

// With what every valid configuration needs: a provider (from the variable) and open access on loopback.
inline desk open_desk(std::vector<std::string> arguments = {}) {
    desk d;
    d.arguments = std::move(arguments);
    d.arguments.insert(d.arguments.begin(), {"--auth", "off"});
    return d;
}

inline bool
has(const std::vector<remark>& remarks,
    std::string_view where,
    std::string_view what,
    std::string_view advice) {
    return std::any_of(remarks.begin(), remarks.end(), [&](const remark& one) {
        return one.where == where && one.what.contains(what) && one.advice.contains(advice);
    });
}

inline bool
complains(const parse_outcome& outcome, std::string_view what, std::string_view advice = "") {
    return has(outcome.complaints, "command line", what, advice);
}

}  // namespace spillway::testing
