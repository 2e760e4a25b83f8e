#include "proxy/options/check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::settings {

namespace {

// Complains once for each flag among `names` that is set to a file that cannot be read.
void check_file(draft& d, std::string_view flag_name, const std::string& path) {
    if (path.empty()) return;
    std::string why_not;
    if (d.input.read_file(path, why_not)) return;
    d.complain(
        d.at[flag_name],
        flag_name,
        {fmt::format("{} cannot be read: {}", shown(path), why_not),
         "check the path and the permissions"}
    );
}

void check_tls(draft& d) {
    const tls_files& tls = d.tls;
    if (!tls.certificate.empty() && tls.key.empty()) {
        d.complain(
            d.at["tls-cert"],
            "tls-cert",
            {"there is no key for the certificate", "add --tls-key FILE"}
        );
    }
    if (tls.certificate.empty() && !tls.key.empty()) {
        d.complain(
            d.at["tls-key"],
            "tls-key",
            {"there is no certificate for the key", "add --tls-cert FILE"}
        );
    }
    if (!tls.client_ca.empty() && tls.certificate.empty()) {
        d.complain(
            d.at["tls-client-ca"],
            "tls-client-ca",
            {"client certificates need TLS", "add --tls-cert FILE and --tls-key FILE"}
        );
    }
    check_file(d, "tls-cert", tls.certificate);
    check_file(d, "tls-key", tls.key);
    check_file(d, "tls-client-ca", tls.client_ca);
    if (!tls.certificate.empty() && !tls.key.empty()) d.value().tls = tls;
}

// Port 0 is a different port every time.
bool is_unique_by_nature(const listener& one) {
    const tcp_address* address = std::get_if<tcp_address>(&one);
    return address != nullptr && address->port == 0;
}

void check_listeners(draft& d) {
    std::vector<listener>& all = d.value().listeners;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto first =
            std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), all[i]);
        const std::size_t at = static_cast<std::size_t>(first - all.begin());
        if (at == i || is_unique_by_nature(all[i])) continue;
        d.complain(
            d.listeners_at[i],
            "listen",
            {fmt::format("{} is given twice (also: {})", listener_text(all[i]), d.listeners_at[at]),
             "keep one of them"}
        );
    }
    if (all.empty() && !d.has_complaint_about("listen"))
        all.push_back(tcp_address{"127.0.0.1", 8080});
}

bool is_private(const listener& one) {
    if (std::holds_alternative<unix_path>(one)) return true;
    const tcp_address* address = std::get_if<tcp_address>(&one);
    return address != nullptr && is_loopback_host(address->host);
}

void check_auth(draft& d) {
    if (d.has_complaint_about("auth")) return;
    const options& o = d.value();
    const std::string where = d.at.contains("auth") ? d.at["auth"] : "default";
    if (o.auth == auth_mode::off) {
        for (const listener& one : o.listeners) {
            if (is_private(one)) continue;
            d.complain(
                where,
                "auth",
                {fmt::format(
                     "off is not possible while --listen {} is open to others", listener_text(one)
                 ),
                 "listen on 127.0.0.1, [::1] or unix:PATH, or use --auth keys"}
            );
        }
        if (!o.keys.empty()) {
            d.warn(
                where,
                "auth",
                {"off lets everybody in; the keys given with --key are not looked at",
                 "remove the keys, or --auth off"}
            );
        }
        return;
    }
    // A key that could not be read has its own complaint.
    if (!o.keys.empty() || d.has_complaint_about("key")) return;
    if (!d.at.contains("auth") && std::ranges::all_of(o.listeners, is_private)) {
        d.value().auth = auth_mode::off;
        d.warn(
            where,
            "auth",
            {"no --key is given, so every program on this machine may use the gateway (as with "
             "--auth off)",
             "add --key NAME=env:VARIABLE (or file:PATH) to demand one"}
        );
        return;
    }
    d.complain(
        where,
        "auth",
        {"keys are demanded but there is no --key, so every request would be refused",
         "add --key NAME=env:VARIABLE (or file:PATH); on loopback or a Unix socket --auth off "
         "works too"}
    );
}

void check_keys(draft& d) {
    constexpr std::size_t short_key = 20;
    const std::vector<client_key>& keys = d.value().keys;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (keys[i].name == keys[j].name) {
                d.complain(
                    d.keys_at[i],
                    "key",
                    {fmt::format("{} is given twice (also: {})", keys[i].name, d.keys_at[j]),
                     "name each key once"}
                );
            } else if (keys[i].secret.value.reveal() == keys[j].secret.value.reveal()) {
                d.complain(
                    d.keys_at[i],
                    "key",
                    {fmt::format("{} and {} have the same secret", keys[j].name, keys[i].name),
                     "give each key its own secret"}
                );
            }
        }
        if (keys[i].secret.value.reveal().size() < short_key) {
            d.warn(
                d.keys_at[i],
                "key",
                {fmt::format(
                     "the secret of {} is shorter than {} characters", keys[i].name, short_key
                 ),
                 "make a long random one, for example with: openssl rand -hex 24"}
            );
        }
    }
}

// A misspelt name in a deny list would deny nothing, and say nothing.
void check_provider_glob(
    draft& d, std::string_view where, std::string_view flag_name, const std::string& glob
) {
    if (glob.contains('*')) return;
    const std::vector<std::string_view> names = provider_names(d);
    if (std::find(names.begin(), names.end(), glob) != names.end()) return;
    const std::string_view near = nearest(glob, names);
    d.complain(
        where,
        flag_name,
        {fmt::format("there is no provider {}", shown(glob)),
         near.empty() ? "declare it with --provider" : fmt::format("did you mean {}?", near)}
    );
}

void check_access(draft& d) {
    for (const list_entry& one : d.list_entries) {
        if (one.flag_name.ends_with("-provider"))
            check_provider_glob(d, one.where, one.flag_name, one.glob);
    }
    for (std::size_t i = 0; i < d.value().keys.size(); ++i) {
        for (const std::string& glob : d.value().keys[i].providers) {
            check_provider_glob(d, d.keys_at[i], "key", glob);
        }
    }
}

}  // namespace

const known_provider* find_known(const draft& d, std::string_view name) {
    for (const known_provider& one : d.input.known_providers) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

std::vector<std::string_view> provider_names(const draft& d) {
    std::vector<std::string_view> names;
    for (const provider& one : d.outcome.value.providers)
        names.push_back(one.name);
    for (const known_provider& one : d.input.known_providers)
        names.push_back(one.name);
    return names;
}

void check(draft& d) {
    check_listeners(d);
    check_tls(d);
    complete_providers(d);
    check_models(d);
    check_keys(d);
    check_auth(d);
    check_access(d);
}

}  // namespace spillway::settings
