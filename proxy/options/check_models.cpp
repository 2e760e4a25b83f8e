#include "proxy/options/catalog_file.hpp"
#include "proxy/options/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace spillway::settings {

namespace {

// "openai" means every account of it, "openai/eu" that one.
bool is_enabled(const draft& d, std::string_view reference) {
    const std::vector<provider>& all = d.outcome.value.providers;
    return std::any_of(all.begin(), all.end(), [&](const provider& p) {
        return p.name == reference || p.full_name() == reference;
    });
}

// A known provider without a key is no fault: its endpoints wait for one.
void check_provider_of(
    draft& d, const model& m, std::string_view where, std::string_view flag_name
) {
    if (is_enabled(d, m.provider)) return;
    if (find_known(d, m.provider) != nullptr) {
        if (flag_name != "model") return;
        d.warn(
            where,
            flag_name,
            {fmt::format("{} is not used: the provider {} is not enabled", m.id, m.provider),
             fmt::format("add --provider {}", m.provider)}
        );
        return;
    }
    const std::vector<std::string_view> names = provider_names(d);
    const std::string_view near = nearest(m.provider, names);
    d.complain(
        where,
        flag_name,
        {fmt::format("{}: there is no provider {}", m.id, m.provider),
         near.empty() ? "declare it with --provider" : fmt::format("did you mean {}?", near)}
    );
}

void check_model_flags(draft& d) {
    const std::vector<model>& all = d.value().models;
    for (std::size_t i = 0; i < all.size(); ++i) {
        check_provider_of(d, all[i], d.models_at[i], "model");
        for (std::size_t j = 0; j < i; ++j) {
            if (all[i].id != all[j].id || all[i].provider != all[j].provider ||
                all[i].upstream_id != all[j].upstream_id)
                continue;
            d.complain(
                d.models_at[i],
                "model",
                {fmt::format(
                     "{} at {} is given twice (also: {})",
                     all[i].id,
                     all[i].provider,
                     d.models_at[j]
                 ),
                 "keep one of them"}
            );
            break;
        }
    }
}

void read_catalog_file(draft& d, const std::string& path, std::string_view where) {
    std::string why_not;
    const std::optional<std::string> text = d.input.read_file(path, why_not);
    if (!text) {
        return d.complain(
            where,
            "catalog",
            {fmt::format("{} cannot be read: {}", shown(path), why_not),
             "check the path and the permissions"}
        );
    }
    catalog_content content = read_catalog(*text);
    for (const problem& why : content.problems) {
        d.complain(where, "catalog", {fmt::format("{}: {}", shown(path), why.what), why.advice});
    }
    for (const problem& why : content.doubts) {
        d.warn(where, "catalog", {fmt::format("{}: {}", shown(path), why.what), why.advice});
    }
    for (model& one : content.models) {
        check_provider_of(d, one, where, "catalog");
        d.value().catalog_models.push_back(std::move(one));
    }
}

void check_aliases(draft& d) {
    const std::vector<alias>& all = d.value().aliases;
    std::set<std::string_view> names;
    for (const alias& one : all)
        names.insert(one.name);
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (all[i].name != all[j].name) continue;
            d.complain(
                d.aliases_at[i],
                "alias",
                {fmt::format("{} is given twice (also: {})", all[i].name, d.aliases_at[j]),
                 fmt::format("write one chain: --alias {}=MODEL,MODEL", all[i].name)}
            );
            break;
        }
        for (const std::string& target : all[i].models) {
            if (!names.contains(target)) continue;
            d.complain(
                d.aliases_at[i],
                "alias",
                {fmt::format("{} stands for {}, which is an alias itself", all[i].name, target),
                 "name the models"}
            );
        }
    }
}

}  // namespace

void check_models(draft& d) {
    check_model_flags(d);
    for (std::size_t i = 0; i < d.value().catalog_files.size(); ++i) {
        read_catalog_file(d, d.value().catalog_files[i], d.catalogs_at[i]);
    }
    check_aliases(d);
}

}  // namespace spillway::settings
