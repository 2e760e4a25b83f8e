#include "proxy/options/sources.hpp"

#include "proxy/base/bytes.hpp"
#include "proxy/options/flagfile.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

constexpr std::string_view command_line = "command line";

struct action_name {
    std::string_view flag_name;
    action what;
};

constexpr action_name action_names[] = {
    {"check", action::check},
    {"print-config", action::print_config},
    {"print-routes", action::print_routes},
    {"version", action::version},
    {"help", action::help}};

// Walks the arguments; `next_` is the first that is not read yet.
class argument_reader {
public:
    argument_reader(draft& d, collected_settings& out) : draft_{d}, out_{out} {}

    // Paths of --flagfile are added to `files`.
    void read(std::vector<named_file>& files) {
        while (next_ < arguments().size()) {
            const std::string& word = arguments()[next_++];
            if (word == "-h") {
                take_flag(*find_flag("help"), std::nullopt, files);
            } else if (word.starts_with("--") && word.size() > 2) {
                read_flag(std::string_view{word}.substr(2), files);
            } else {
                // The word itself is not repeated: it may be a key that lost its flag.
                complain(
                    {fmt::format("argument {} belongs to no flag", next_),
                     "write --flag value; quote values that hold blanks"}
                );
            }
        }
    }

private:
    const std::vector<std::string>& arguments() const { return draft_.input.arguments; }

    void complain(const problem& why) {
        draft_.outcome.complaints.push_back({std::string{command_line}, why.what, why.advice});
    }

    void read_flag(std::string_view text, std::vector<named_file>& files) {
        const std::size_t equals = text.find('=');
        const std::string_view name = text.substr(0, equals);
        const flag* row = find_flag(name);
        if (row == nullptr) {
            complain(unknown_flag(name));
            skip_value();
            return;
        }
        std::optional<std::string> value;
        if (equals != std::string_view::npos) value = text.substr(equals + 1);
        take_flag(*row, std::move(value), files);
    }

    // The value of an unknown flag would only cause a second complaint.
    void skip_value() {
        if (next_ < arguments().size() && !arguments()[next_].starts_with("--")) ++next_;
    }

    // The next word, unless it is a flag.
    std::optional<std::string> take_word() {
        if (next_ == arguments().size() || arguments()[next_].starts_with("--"))
            return std::nullopt;
        return arguments()[next_++];
    }

    void
    take_flag(const flag& row, std::optional<std::string> value, std::vector<named_file>& files) {
        if (row.use == flag_use::toggle) {
            out_.settings.push_back(
                {&row, value.value_or("on"), source::command_line, std::string{command_line}}
            );
            return;
        }
        if (!value && !row.argument.empty()) value = take_word();
        if (!value && !row.argument.empty() && !row.argument.starts_with('[')) {
            complain(
                {fmt::format("--{} has no value", row.name),
                 fmt::format("write --{} {}", row.name, row.argument)}
            );
            return;
        }
        if (row.use == flag_use::action) {
            take_action(row, value.value_or(""));
        } else if (row.use == flag_use::file) {
            files.push_back({*value, std::string{command_line}});
        } else {
            out_.settings.push_back({&row, *value, source::command_line, std::string{command_line}}
            );
        }
    }

    void take_action(const flag& row, const std::string& argument) {
        if (row.argument.empty() && !argument.empty()) {
            return complain({fmt::format("--{} takes no value", row.name), "leave the value out"});
        }
        for (const action_name& one : action_names) {
            if (one.flag_name != row.name || out_.what == action::help) continue;
            const bool is_second = out_.what != action::run && out_.what != one.what;
            if (is_second && one.what != action::help) {
                return complain(
                    {fmt::format("--{} comes beside another thing to do", row.name),
                     "ask for one at a time"}
                );
            }
            out_.what = one.what;
            out_.argument = argument;
        }
    }

    draft& draft_;
    collected_settings& out_;
    std::size_t next_ = 0;
};

// Kubernetes sets variables such as SPILLWAY_PORT and SPILLWAY_SERVICE_HOST for a service of our name.
bool is_service_link(std::string_view rest) {
    return rest.starts_with("SERVICE_") || rest == "PORT" || rest.starts_with("PORT_") ||
           rest.contains("_SERVICE_HOST") || rest.contains("_SERVICE_PORT") ||
           rest.ends_with("_PORT") || rest.contains("_PORT_");
}

const flag* flag_of_variable(std::string_view name) {
    for (const std::string_view flag_name : flag_names()) {
        if (variable_name(flag_name) == name) return find_flag(flag_name);
    }
    return nullptr;
}

void warn_of_variable(draft& d, const std::string& name, const flag* row) {
    if (row != nullptr) {
        d.outcome.warnings.push_back(
            {"variable " + name,
             fmt::format("--{} works on the command line only; the variable is ignored", row->name),
             "remove the variable"}
        );
        return;
    }
    std::vector<std::string> names;
    for (const std::string_view flag_name : flag_names())
        names.push_back(variable_name(flag_name));
    const std::vector<std::string_view> views{names.begin(), names.end()};
    const std::string_view near = nearest(name, views);
    d.outcome.warnings.push_back(
        {"variable " + name,
         "no flag has this name; the variable is ignored",
         near.empty() ? "see --help for the flags" : fmt::format("did you mean {}?", near)}
    );
}

// The values of a variable that may hold several: separated by line ends or semicolons outside quotes.
std::vector<std::string> split_variable(std::string_view text) {
    std::vector<std::string> values;
    std::string value;
    const auto finish = [&] {
        const std::string_view trimmed = base::trim(value);
        if (!trimmed.empty()) values.push_back(unquoted(trimmed).value_or(std::string{trimmed}));
        value.clear();
    };
    quote_state quotes;
    for (const char c : text) {
        const bool is_outside = quotes.step(c);
        if (is_outside && (c == ';' || c == '\n' || c == '\r')) {
            finish();
        } else {
            value += c;
        }
    }
    finish();
    return values;
}

void read_variables(draft& d, collected_settings& out, std::vector<named_file>& files) {
    constexpr std::string_view prefix = "SPILLWAY_";
    for (auto it = d.input.variables.lower_bound(prefix); it != d.input.variables.end(); ++it) {
        const auto& [name, text] = *it;
        if (!name.starts_with(prefix)) break;
        const flag* row = flag_of_variable(name);
        if (row == nullptr || row->use == flag_use::action) {
            const bool is_foreign =
                row == nullptr && is_service_link(std::string_view{name}.substr(prefix.size()));
            if (!is_foreign) warn_of_variable(d, name, row);
            continue;
        }
        const std::string where = "variable " + name;
        if (row->use == flag_use::repeatable || row->use == flag_use::file) {
            for (std::string& value : split_variable(text)) {
                if (row->use == flag_use::file) {
                    files.push_back({std::move(value), where});
                } else {
                    out.settings.push_back({row, std::move(value), source::variable, where});
                }
            }
        } else if (!text.empty()) {
            // An empty variable is how compose files and unit files spell "not set".
            out.settings.push_back({row, text, source::variable, where});
        }
    }
}

}  // namespace

problem unknown_flag(std::string_view name) {
    const std::vector<std::string_view> names = flag_names();
    const std::string_view near = nearest(name, names);
    const std::string advice =
        near.empty() ? "see --help for the flags" : fmt::format("did you mean --{}?", near);
    return {fmt::format("there is no flag --{}", shown(name)), advice};
}

collected_settings collect_settings(draft& d) {
    collected_settings out;
    std::vector<named_file> files;
    argument_reader{d, out}.read(files);
    if (out.what == action::help || out.what == action::version) {
        // Help must come whatever else is wrong.
        d.outcome.complaints.clear();
        return out;
    }
    read_variables(d, out, files);
    read_flag_files(d, files, out.settings);
    return out;
}

}  // namespace spillway::settings
