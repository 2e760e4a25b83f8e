#include "proxy/options/check.hpp"
#include "proxy/options/provider_keys.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

constexpr std::string_view flag_name = "provider";

// Puts the value of a placeholder such as "{region}" into a known provider's URL.
void fill_in(
    draft& d, std::string_view where, provider& p, std::string_view key, const std::string& value
) {
    const std::string placeholder = fmt::format("{{{}}}", key);
    std::size_t at = p.url.find(placeholder);
    if (at == std::string::npos) return;
    if (value.empty()) {
        d.complain(
            where,
            flag_name,
            {fmt::format("{} needs {}=", p.full_name(), key),
             fmt::format("add {}=NAME, or a whole URL with url=", key)}
        );
        return;
    }
    for (; at != std::string::npos; at = p.url.find(placeholder, at + value.size())) {
        p.url.replace(at, placeholder.size(), value);
    }
}

// The address a known provider has without url=: the usual variable's, where it holds one, else its own.
std::string usual_url(const draft& d, const known_provider& known) {
    const auto found = d.input.variables.find(known.url_variable);
    if (known.url_variable.empty() || found == d.input.variables.end())
        return std::string{known.default_url};
    const parsed<std::string> url = parse_url(found->second);
    return url ? *url : std::string{known.default_url};
}

// The plain provider an account belongs to, when it is declared before or after it.
const provider* find_plain(const draft& d, const provider& account) {
    if (account.account.empty()) return nullptr;
    for (const provider& one : d.outcome.value.providers) {
        if (one.name == account.name && one.account.empty()) return &one;
    }
    return nullptr;
}

bool states_protocol(const draft& d, const provider& p) {
    const std::size_t at = static_cast<std::size_t>(&p - d.outcome.value.providers.data());
    return d.providers_at[at].states_protocol;
}

// A provider that is not known must say what it speaks and where it is, itself or through its plain name.
void complete_custom(draft& d, const provider_place& place, provider& p) {
    const provider* plain = find_plain(d, p);
    bool has_protocol = place.states_protocol;
    if (plain != nullptr && !has_protocol && states_protocol(d, *plain)) {
        p.protocol = plain->protocol;
        has_protocol = true;
    }
    if (plain != nullptr && p.url.empty()) p.url = plain->url;
    if (has_protocol && !p.url.empty()) return;

    std::vector<std::string_view> known;
    for (const known_provider& one : d.input.known_providers)
        known.push_back(one.name);
    const std::string_view near = nearest(p.name, known);
    const std::string_view lacks = has_protocol    ? "url="
                                   : p.url.empty() ? "protocol= and url="
                                                   : "protocol=";
    std::string advice = fmt::format("add {} for a provider of your own", lacks);
    if (!near.empty()) advice = fmt::format("did you mean {}? Otherwise {}", near, advice);
    d.complain(
        place.where,
        flag_name,
        {fmt::format("{} is not a known provider and has no {}", p.full_name(), lacks), advice}
    );
}

void complete_known(
    draft& d, const provider_place& place, provider& p, const known_provider& known
) {
    if (!place.states_protocol) p.protocol = known.protocol;
    if (p.url.empty()) p.url = usual_url(d, known);
    if (p.url.empty()) {
        d.complain(
            place.where,
            flag_name,
            {fmt::format("{} has no address of its own", p.full_name()), "add url=https://..."}
        );
    }
    find_place(d, place.where, p, known);
    fill_in(d, place.where, p, "region", p.region);
    fill_in(d, place.where, p, "project", p.project);
    find_key(d, place.where, p, known);
}

void check_clear_text(draft& d, const provider_place& place, const provider& p) {
    if ((!p.key && !p.credentials) || !p.url.starts_with("http://")) return;
    std::string_view host = std::string_view{p.url}.substr(7);
    host = host.substr(0, host.find('/'));
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')) host = host.substr(0, colon);
    if (is_loopback_host(host)) return;
    d.warn(
        place.where,
        flag_name,
        {fmt::format("the key of {} travels in clear text", p.full_name()), "use an https:// URL"}
    );
}

void check_ca(draft& d, const provider_place& place, const provider& p) {
    if (p.ca_file.empty()) return;
    std::string why_not;
    if (d.input.read_file(p.ca_file, why_not)) return;
    d.complain(
        place.where,
        flag_name,
        {fmt::format("{}: ca: {} cannot be read: {}", p.full_name(), shown(p.ca_file), why_not),
         "check the path and the permissions"}
    );
}

void check_unique(draft& d) {
    const std::vector<provider>& all = d.value().providers;
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (all[i].name != all[j].name || all[i].account != all[j].account) continue;
            d.complain(
                d.providers_at[i].where,
                flag_name,
                {fmt::format(
                     "{} is given twice (also: {})", all[i].full_name(), d.providers_at[j].where
                 ),
                 fmt::format("keep one, or name a second account {}/NAME", all[i].name)}
            );
            break;
        }
    }
}

void add_from_environment(draft& d) {
    if (!d.value().env_providers) return;
    for (const known_provider& known : d.input.known_providers) {
        const std::string_view* variable = find_variable(d, known);
        const auto is_same = [&](const provider& p) {
            return p.name == known.name && p.account.empty();
        };
        const std::vector<provider>& all = d.value().providers;
        if (variable == nullptr || std::any_of(all.begin(), all.end(), is_same)) continue;
        // One that needs more than a key cannot be enabled by its key alone.
        const std::string url = usual_url(d, known);
        if (url.empty() || url.contains('{')) continue;
        provider found;
        found.name = known.name;
        d.value().providers.push_back(std::move(found));
        d.providers_at.push_back({fmt::format("variable {}", *variable)});
    }
}

}  // namespace

void complete_providers(draft& d) {
    const bool has_failed = d.has_complaint_about(flag_name);
    check_unique(d);
    add_from_environment(d);
    std::vector<provider>& all = d.value().providers;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const provider_place& place = d.providers_at[i];
        if (place.is_faulty) continue;
        const known_provider* known = find_known(d, all[i].name);
        if (known == nullptr) {
            complete_custom(d, place, all[i]);
        } else {
            complete_known(d, place, all[i], *known);
        }
        check_clear_text(d, place, all[i]);
        check_ca(d, place, all[i]);
    }
    if (!all.empty() || has_failed) return;
    std::string example;
    if (!d.input.known_providers.empty() &&
        !d.input.known_providers.front().key_variables.empty()) {
        example = fmt::format(
            "set a variable such as {}, or ", d.input.known_providers.front().key_variables.front()
        );
    }
    d.complain(
        "default",
        flag_name,
        {"there is no provider to send requests to",
         example + "add --provider NAME,key=env:VARIABLE"}
    );
}

}  // namespace spillway::settings
