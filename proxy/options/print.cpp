#include "proxy/options/print.hpp"

#include "proxy/options/flagfile.hpp"
#include "proxy/options/flags.hpp"

#include <fmt/format.h>

#include <set>

namespace spillway {

using namespace settings;

std::string render_config(const options& value) {
    std::string text = "# Effective configuration of spillway " SPILLWAY_VERSION "\n";
    for (const flag_group group : all_groups) {
        std::string lines;
        for (const flag& row : flags_of(group)) {
            if (row.print == nullptr) continue;
            std::vector<std::string> values;
            row.print(value, values);
            for (const std::string& one : values)
                lines += flag_line(row.name, one) + '\n';
        }
        if (!lines.empty()) text += fmt::format("\n# {}\n{}", title_of(group), lines);
    }
    return text;
}

std::string render_summary(const options& value) {
    std::string text = "The configuration is valid.\n";
    const auto line = [&text](std::string_view name, std::string_view what) {
        fmt::format_to(std::back_inserter(text), "  {:<11}{}\n", name, what);
    };
    for (const listener& one : value.listeners) {
        const bool is_tcp = std::holds_alternative<tcp_address>(one);
        line("listens", listener_text(one) + (value.tls && is_tcp ? " (TLS)" : ""));
    }
    for (const provider& one : value.providers) {
        line(
            "provider",
            fmt::format(
                "{} at {}, {}",
                one.full_name(),
                one.url,
                one.key ? "key " + one.key->reference : "no key"
            )
        );
    }
    std::set<std::string_view> models;
    for (const model& one : value.models)
        models.insert(one.id);
    for (const model& one : value.catalog_models)
        models.insert(one.id);
    line("models", fmt::format("{} listed, {} aliases", models.size(), value.aliases.size()));
    line(
        "access",
        value.auth == auth_mode::off ? "open to everybody who can connect"
                                     : fmt::format("{} keys", value.keys.size())
    );
    return text;
}

}  // namespace spillway
