#include "proxy/options/flags.hpp"

#include "proxy/options/secret.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

void draft::complain(std::string_view where, std::string_view flag_name, const problem& why) {
    outcome.complaints.push_back(
        {std::string{where}, fmt::format("--{}: {}", flag_name, why.what), why.advice}
    );
}

void draft::warn(std::string_view where, std::string_view flag_name, const problem& why) {
    outcome.warnings.push_back(
        {std::string{where}, fmt::format("--{}: {}", flag_name, why.what), why.advice}
    );
}

bool draft::has_complaint_about(std::string_view flag_name) const {
    const std::string start = fmt::format("--{}:", flag_name);
    return std::any_of(
        outcome.complaints.begin(),
        outcome.complaints.end(),
        [&start](const remark& one) { return one.what.starts_with(start); }
    );
}

void draft::warn_if_literal(
    const setting& what, std::string_view owner, const secret_value& secret
) {
    if (!is_literal(secret)) return;
    const std::string_view danger = what.from == source::command_line
                                        ? "shows in the process list"
                                        : "stands in the configuration itself";
    warn(
        what.where,
        what.what->name,
        {fmt::format("the literal secret of {} {}", owner, danger), "use env:NAME or file:PATH"}
    );
}

std::span<const flag> flags_of(flag_group group) {
    switch (group) {
    case flag_group::listeners: return listener_flags();
    case flag_group::providers: return provider_flags();
    case flag_group::models: return model_flags();
    case flag_group::access: return access_flags();
    case flag_group::limits: return limit_flags();
    case flag_group::logging: return logging_flags();
    case flag_group::other: return other_flags();
    }
    return {};
}

std::string_view name_of(flag_group group) {
    switch (group) {
    case flag_group::listeners: return "listeners";
    case flag_group::providers: return "providers";
    case flag_group::models: return "models";
    case flag_group::access: return "access";
    case flag_group::limits: return "limits";
    case flag_group::logging: return "logging";
    case flag_group::other: return "other";
    }
    return {};
}

std::string_view title_of(flag_group group) {
    switch (group) {
    case flag_group::listeners: return "Listeners";
    case flag_group::providers: return "Providers";
    case flag_group::models: return "Models and routing";
    case flag_group::access: return "Access";
    case flag_group::limits: return "Timeouts and limits";
    case flag_group::logging: return "Logging";
    case flag_group::other: return "Other";
    }
    return {};
}

const flag* find_flag(std::string_view name) {
    for (const flag_group group : all_groups) {
        for (const flag& one : flags_of(group)) {
            if (one.name == name) return &one;
        }
    }
    return nullptr;
}

std::vector<std::string_view> flag_names() {
    std::vector<std::string_view> names;
    for (const flag_group group : all_groups) {
        for (const flag& one : flags_of(group))
            names.push_back(one.name);
    }
    return names;
}

std::string variable_name(std::string_view flag_name) {
    std::string name = "SPILLWAY_";
    for (const char c : flag_name) {
        if (c == '-') {
            name += '_';
        } else {
            name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
    }
    return name;
}

}  // namespace spillway::settings
