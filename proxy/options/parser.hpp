// From words to one `options` value. Pure but for the file reader: the arguments, the environment and the
// table of known providers are parameters, so the same call serves start-up, --check and every SIGHUP. All
// faults are collected; when there is one, `value` must not be used.
#pragma once

#include "proxy/options.hpp"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway {

// What is wrong or doubtful, where it stands, and what to do about it.
struct remark {
    std::string where;   // "command line", "variable SPILLWAY_LISTEN", "spillway.flags:12"
    std::string what;    // names the flag; never a secret
    std::string advice;  // may be empty
    bool operator==(const remark&) const = default;
};

// A row of the provider table as the options need it; main makes these from the adapters' registry.
struct known_provider {
    enum class key_need : std::uint8_t { required, optional };
    // What stands in for a key where there is none.
    enum class key_kind : std::uint8_t {
        plain,   // nothing
        google,  // a service account, whose tokens come and go
        amazon,  // a pair of keys that signs
    };

    std::string_view name;
    settings::protocol protocol = settings::protocol::chat;
    std::string_view default_url;  // empty: url= must be given; may hold "{region}" and "{project}"
    std::span<const std::string_view> key_variables;  // the first one that is set counts
    key_need key = key_need::required;
    std::string_view url_variable{};  // stands above default_url where it is set
    key_kind instead = key_kind::plain;
};

using environment = std::map<std::string, std::string, std::less<>>;

// Content of a file, or nothing and the reason in `why_not`.
using file_reader =
    std::function<std::optional<std::string>(const std::string& path, std::string& why_not)>;

// Reads at most 64 MiB of what can be opened for reading.
std::optional<std::string> read_whole_file(const std::string& path, std::string& why_not);

struct parse_input {
    std::vector<std::string> arguments;  // without the program's name
    environment variables;
    std::span<const known_provider> known_providers;
    file_reader read_file = read_whole_file;
};

enum class action : std::uint8_t { run, check, print_config, print_routes, version, help };

struct parse_outcome {
    options value;
    action what = action::run;
    std::string argument;  // the model of --print-routes, the group of --help
    std::vector<remark> complaints;
    std::vector<remark> warnings;

    bool is_usable() const noexcept { return complaints.empty(); }
};

parse_outcome parse_options(const parse_input& input);

// The process environment (as `environ` holds it) as a map. Of two equal names the first counts.
environment make_environment(const char* const* variables);

// One block of text, a line or two a remark: "error: command line: --workers: …". Empty when there is none.
std::string render_remarks(const parse_outcome& outcome);

}  // namespace spillway
