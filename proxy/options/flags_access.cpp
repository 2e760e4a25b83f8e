#include "proxy/options/flags.hpp"
#include "proxy/options/secret.hpp"

#include <fmt/format.h>

namespace spillway::settings {

namespace {

using values_out = std::vector<std::string>&;
using maybe_problem = std::optional<problem>;

// The keys of a client key need nothing but their text.
struct client_key_reading {};
using client_key_key = object_key<client_key, client_key_reading>;

constexpr choice<auth_mode> auth_modes[] = {{"keys", auth_mode::keys}, {"off", auth_mode::off}};

maybe_problem read_globs(std::vector<std::string>& target, const std::string& value) {
    const parsed<std::vector<std::string>> globs = parse_list(value);
    if (!globs) return globs.error();
    for (const std::string& glob : *globs) {
        const parsed<std::string> name = parse_model_name(glob);
        if (!name) return name.error();
    }
    target = *globs;
    return std::nullopt;
}

void print_globs(const std::vector<std::string>& globs, values_out out) {
    if (!globs.empty()) out.push_back(list_text(globs, '+'));
}

constexpr client_key_key client_key_keys[] = {
    {"models",
     "GLOB+GLOB",
     "models it may ask for (all)",
     key_use::once,
     [](client_key& k, const std::string& value, client_key_reading&) {
         return read_globs(k.models, value);
     },
     [](const client_key& k, values_out out) {
         print_globs(k.models, out);
     }},
    {"providers",
     "GLOB+GLOB",
     "providers its requests may go to (all)",
     key_use::once,
     [](client_key& k, const std::string& value, client_key_reading&) {
         return read_globs(k.providers, value);
     },
     [](const client_key& k, values_out out) {
         print_globs(k.providers, out);
     }},
    {"org",
     "NAME",
     "organisation it belongs to",
     key_use::once,
     [](client_key& k, const std::string& value, client_key_reading&) -> maybe_problem {
         return store(k.organisation, parse_label(value));
     },
     [](const client_key& k, values_out out) {
         if (!k.organisation.empty()) out.push_back(k.organisation);
     }},
    {"expires",
     "DATE",
     "not valid from then on: 2027-01-31 (00:00 UTC) or 2027-01-31T18:00:00Z",
     key_use::once,
     [](client_key& k, const std::string& value, client_key_reading&) -> maybe_problem {
         return store(k.expires, parse_date(value));
     },
     [](const client_key& k, values_out out) {
         if (k.expires) out.push_back(date_text(*k.expires));
     }},
    {"concurrency",
     "N",
     "most requests in flight at once",
     key_use::once,
     [](client_key& k, const std::string& value, client_key_reading&) -> maybe_problem {
         return store(k.concurrency, parse_count(value, 1, 1'000'000));
     },
     [](const client_key& k, values_out out) {
         if (k.concurrency) out.push_back(std::to_string(*k.concurrency));
     }},
};

void read_client_key(draft& d, const setting& s) {
    constexpr std::string_view form = "write --key NAME=env:VARIABLE or --key NAME=file:PATH";
    const parsed<std::vector<object_part>> parts = split_object(s.text);
    if (!parts) return d.complain(s, parts.error());
    const object_part& head = parts->front();
    if (!head.value)
        return d.complain(s, {"the text does not start with NAME=SECRET", std::string{form}});
    const parsed<std::string> name = parse_label(head.name);
    if (!name) return d.complain(s, name.error());
    const parsed<secret_value> secret = resolve_secret(*head.value, d.input);
    if (!secret) return d.complain(s, {*name + ": " + secret.error().what, secret.error().advice});

    client_key one;
    one.name = *name;
    one.secret = *secret;
    client_key_reading nothing;
    for (const problem& why : read_keys(client_key_keys, parts_after_head(*parts), one, nothing)) {
        d.complain(s, {one.name + ": " + why.what, why.advice});
    }
    d.warn_if_literal(s, one.name, one.secret);
    d.value().keys.push_back(std::move(one));
    d.keys_at.push_back(s.where);
}

template <std::vector<std::string> access_lists::*List>
void read_list_entry(draft& d, const setting& s) {
    const parsed<std::string> glob = parse_model_name(s.text);
    if (!glob)
        return d.complain(
            s,
            {fmt::format("'{}' is not a name or a glob", shown(s.text)),
             "write one a flag, such as openai/*"}
        );
    (d.value().lists.*List).push_back(*glob);
    d.list_entries.push_back({*glob, s.where, s.what->name});
}

template <std::vector<std::string> access_lists::*List>
void print_list(const options& o, values_out out) {
    const std::vector<std::string>& list = o.lists.*List;
    out.insert(out.end(), list.begin(), list.end());
}

constexpr flag list_row(
    std::string_view name,
    std::string_view default_text,
    std::string_view brief,
    void (*read)(draft&, const setting&),
    void (*print)(const options&, values_out)
) {
    return {
        .name = name,
        .argument = "GLOB",
        .default_text = default_text,
        .group = flag_group::access,
        .use = flag_use::repeatable,
        .brief = brief,
        .details = "* stands for any text. A denial goes before every permission.",
        .read = read,
        .print = print,
        .keys = nullptr};
}

constexpr flag rows[] = {
    {.name = "auth",
     .argument = "keys|off",
     .default_text = "keys",
     .group = flag_group::access,
     .use = flag_use::once,
     .brief = "Whether clients must show a key",
     .details = "off is refused unless every listener is a loopback address or a Unix socket. "
                "Where that is so, "
                "and neither --auth nor --key is given, it is off, with a warning.",
     .read = [](draft& d,
                const setting& s) { d.store(s, d.value().auth, parse_choice(s.text, auth_modes)); },
     .print = [](const options& o,
                 values_out out) { out.emplace_back(name_of_choice(o.auth, auth_modes)); },
     .keys = nullptr},
    {.name = "key",
     .argument = "NAME=SECRET[,key=value...]",
     .default_text = "",
     .group = flag_group::access,
     .use = flag_use::repeatable,
     .brief = "A key that clients may show, and what it may do",
     .details = "Clients send it as Authorization: Bearer. NAME appears in logs, the secret never.",
     .read = read_client_key,
     .print =
         [](const options& o, values_out out) {
             for (const client_key& one : o.keys) {
                 out.push_back(
                     one.name + '=' + object_value(one.secret.reference) +
                     print_keys(client_key_keys, one)
                 );
             }
         },
     .keys =
         [] {
             return key_texts(client_key_keys);
         }},
    list_row("allow-model", "all", "Models that may be asked for", read_list_entry<&access_lists::allow_models>, print_list<&access_lists::allow_models>),
    list_row("deny-model", "", "Models that may not be asked for", read_list_entry<&access_lists::deny_models>, print_list<&access_lists::deny_models>),
    list_row("allow-provider", "all", "Providers that requests may go to", read_list_entry<&access_lists::allow_providers>, print_list<&access_lists::allow_providers>),
    list_row("deny-provider", "", "Providers that requests may not go to", read_list_entry<&access_lists::deny_providers>, print_list<&access_lists::deny_providers>),
};

}  // namespace

std::span<const flag> access_flags() {
    return rows;
}

}  // namespace spillway::settings
