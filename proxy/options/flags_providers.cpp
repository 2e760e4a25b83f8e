#include "proxy/options/flags.hpp"
#include "proxy/options/object.hpp"
#include "proxy/options/secret.hpp"

namespace spillway::settings {

namespace {

using values_out = std::vector<std::string>&;
using maybe_problem = std::optional<problem>;

// What the keys of one provider need beside their text, and what must be known of them later.
struct provider_reading {
    const parse_input& input;
    bool states_protocol = false;
};

using provider_key = object_key<provider, provider_reading>;

constexpr choice<protocol> protocols[] = {
    {"chat", protocol::chat},
    {"messages", protocol::messages},
    {"responses", protocol::responses},
    {"gemini", protocol::gemini},
    {"converse", protocol::converse},
    {"cohere", protocol::cohere},
    {"ollama", protocol::ollama}};
constexpr choice<data_use> data_uses[] = {
    {"train", data_use::train}, {"retain", data_use::retain}, {"zdr", data_use::zdr}};

constexpr choice<bool> env_providers_off[] = {
    {"on", false},
    {"off", true},
    {"true", false},
    {"false", true},
    {"1", false},
    {"0", true},
    {"yes", false},
    {"no", true}};

void print_text(const std::string& text, values_out out) {
    if (!text.empty()) out.push_back(text);
}

void print_count(const std::optional<std::uint32_t>& count, values_out out) {
    if (count) out.push_back(std::to_string(*count));
}

void print_time(const std::optional<milliseconds>& time, values_out out) {
    if (time) out.push_back(duration_text(*time));
}

// What goes into a URL or a header beside other text: letters, digits and a few marks.
maybe_problem read_word(std::string& target, const std::string& value) {
    return store(target, parse_label(value));
}

constexpr provider_key provider_keys[] = {
    {"protocol",
     "NAME",
     "chat, messages, responses, gemini, converse, cohere or ollama: what it speaks; needed for a "
     "provider that is not a known one",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading& r) -> maybe_problem {
         r.states_protocol = true;
         return store(p.protocol, parse_choice(value, protocols));
     },
     [](const provider& p, values_out out) {
         out.emplace_back(name_of_choice(p.protocol, protocols));
     }},
    {"url",
     "URL",
     "base URL, such as https://api.example.com/v1; a known provider has one",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.url, parse_url(value));
     },
     [](const provider& p, values_out out) {
         print_text(p.url, out);
     }},
    {"key",
     "SECRET",
     "the API key; a known provider's is looked for in its usual variable",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading& r) -> maybe_problem {
         return store(p.key, resolve_secret(value, r.input));
     },
     [](const provider& p, values_out out) {
         if (p.key) out.push_back(p.key->reference);
     }},
    {"weight",
     "N",
     "share of the requests among equals (1)",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.weight, parse_count(value, 1, 1'000'000));
     },
     [](const provider& p, values_out out) {
         print_count(p.weight, out);
     }},
    {"priority",
     "N",
     "lower is tried first (0)",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.priority, parse_count(value, 0, 1'000'000));
     },
     [](const provider& p, values_out out) {
         print_count(p.priority, out);
     }},
    {"concurrency",
     "N",
     "most requests in flight at once",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.concurrency, parse_count(value, 1, 1'000'000));
     },
     [](const provider& p, values_out out) {
         print_count(p.concurrency, out);
     }},
    {"region",
     "NAME",
     "region, for providers whose URL has one",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) {
         return read_word(p.region, value);
     },
     [](const provider& p, values_out out) {
         print_text(p.region, out);
     }},
    {"project",
     "NAME",
     "project, for providers whose URL has one",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) {
         return read_word(p.project, value);
     },
     [](const provider& p, values_out out) {
         print_text(p.project, out);
     }},
    {"access-key-id",
     "SECRET",
     "AWS: signs requests, where there is no key",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading& r) -> maybe_problem {
         return store(p.access_key_id, resolve_secret(value, r.input));
     },
     [](const provider& p, values_out out) {
         if (p.access_key_id) print_text(p.access_key_id->reference, out);
     }},
    {"secret-access-key",
     "SECRET",
     "AWS: the secret that belongs to it",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading& r) -> maybe_problem {
         return store(p.secret_access_key, resolve_secret(value, r.input));
     },
     [](const provider& p, values_out out) {
         if (p.secret_access_key) print_text(p.secret_access_key->reference, out);
     }},
    {"session-token",
     "SECRET",
     "AWS: of temporary credentials",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading& r) -> maybe_problem {
         return store(p.session_token, resolve_secret(value, r.input));
     },
     [](const provider& p, values_out out) {
         if (p.session_token) print_text(p.session_token->reference, out);
     }},
    {"credentials",
     "SECRET",
     "Google: a service account's key file (JSON), whose access tokens stand in for a key; "
     "GOOGLE_APPLICATION_CREDENTIALS names the usual one",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading& r) -> maybe_problem {
         return store(p.credentials, resolve_secret_document(value, r.input));
     },
     [](const provider& p, values_out out) {
         if (p.credentials) out.push_back(p.credentials->reference);
     }},
    {"token-url",
     "URL",
     "where its access tokens are asked for, instead of the address in the file",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.token_url, parse_url(value));
     },
     [](const provider& p, values_out out) {
         print_text(p.token_url, out);
     }},
    {"api-version",
     "TEXT",
     "API version to ask for",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) {
         return read_word(p.api_version, value);
     },
     [](const provider& p, values_out out) {
         print_text(p.api_version, out);
     }},
    {"ca",
     "FILE",
     "authorities (PEM) to trust instead of the system's",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.ca_file, parse_path(value));
     },
     [](const provider& p, values_out out) {
         print_text(p.ca_file, out);
     }},
    {"header",
     "Name:Value",
     "header field added to every request; repeatable; not for secrets",
     key_use::repeatable,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         const parsed<extra_header> header = parse_header(value);
         if (!header) return header.error();
         p.headers.push_back(*header);
         return std::nullopt;
     },
     [](const provider& p, values_out out) {
         for (const extra_header& one : p.headers)
             out.push_back(one.name + ':' + one.value);
     }},
    {"data",
     "train|retain|zdr",
     "what it may do with prompts: train on, keep, or neither",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.data, parse_choice(value, data_uses));
     },
     [](const provider& p, values_out out) {
         print_text(std::string{name_of_choice(p.data, data_uses)}, out);
     }},
    {"connect-timeout",
     "DURATION",
     "instead of --connect-timeout",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.timeouts.connect, parse_duration(value));
     },
     [](const provider& p, values_out out) {
         print_time(p.timeouts.connect, out);
     }},
    {"tls-timeout",
     "DURATION",
     "instead of --tls-timeout",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.timeouts.tls, parse_duration(value));
     },
     [](const provider& p, values_out out) {
         print_time(p.timeouts.tls, out);
     }},
    {"first-byte-timeout",
     "DURATION",
     "instead of --first-byte-timeout",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.timeouts.first_byte, parse_duration(value));
     },
     [](const provider& p, values_out out) {
         print_time(p.timeouts.first_byte, out);
     }},
    {"idle-timeout",
     "DURATION",
     "instead of --idle-timeout",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.timeouts.idle, parse_duration(value));
     },
     [](const provider& p, values_out out) {
         print_time(p.timeouts.idle, out);
     }},
    {"total-timeout",
     "DURATION",
     "instead of --total-timeout",
     key_use::once,
     [](provider& p, const std::string& value, provider_reading&) -> maybe_problem {
         return store(p.timeouts.total, parse_duration(value));
     },
     [](const provider& p, values_out out) {
         print_time(p.timeouts.total, out);
     }},
};

void read_provider(draft& d, const setting& s) {
    const parsed<std::vector<object_part>> parts = split_object(s.text);
    if (!parts) return d.complain(s, parts.error());
    if (parts->front().value) {
        return d.complain(
            s, {"the text does not start with a name", "write --provider NAME,key=value"}
        );
    }
    const std::string& reference = parts->front().name;
    const parsed<std::string> name = parse_provider_reference(reference);
    if (!name) return d.complain(s, name.error());

    provider one;
    const std::size_t slash = reference.find('/');
    one.name = reference.substr(0, slash);
    if (slash != std::string::npos) one.account = reference.substr(slash + 1);
    provider_reading reading{d.input};
    const std::vector<problem> problems =
        read_keys(provider_keys, parts_after_head(*parts), one, reading);
    for (const problem& why : problems) {
        d.complain(s, {reference + ": " + why.what, why.advice});
    }
    if (one.key) d.warn_if_literal(s, reference, *one.key);
    d.value().providers.push_back(std::move(one));
    d.providers_at.push_back({s.where, reading.states_protocol, !problems.empty()});
}

constexpr flag rows[] = {
    {.name = "provider",
     .argument = "NAME[,key=value...]",
     .default_text = "known providers whose usual variable is set",
     .group = flag_group::providers,
     .use = flag_use::repeatable,
     .brief = "A provider that requests may go to",
     .details = "NAME is a known provider (openai, groq, ...) or a new one with protocol= and "
                "url=. NAME/ACCOUNT is "
                "a further key or region of the same provider and takes from NAME what it does not "
                "say itself. A "
                "value with a comma is written \"in quotes\".",
     .read = read_provider,
     .print =
         [](const options& o, values_out out) {
             for (const provider& one : o.providers) {
                 out.push_back(one.full_name() + print_keys(provider_keys, one));
             }
         },
     .keys =
         [] {
             return key_texts(provider_keys);
         }},
    {.name = "no-env-providers",
     .argument = "",
     .default_text = "off",
     .group = flag_group::providers,
     .use = flag_use::toggle,
     .brief = "Do not enable known providers because their variable is set",
     .details = "A provider named with --provider still finds its key in its usual variable.",
     .read = [](draft& d, const setting& s
             ) { d.store(s, d.value().env_providers, parse_choice(s.text, env_providers_off)); },
     .print = [](const options& o, values_out out
              ) { out.emplace_back(name_of_choice(o.env_providers, env_providers_off)); },
     .keys = nullptr},
};

}  // namespace

std::span<const flag> provider_flags() {
    return rows;
}

}  // namespace spillway::settings
