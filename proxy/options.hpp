// The configuration as one immutable value. Built by parse_options() (options/parser.hpp) from the command
// line, the environment and the flag files; shared read-only by every thread afterwards. A value of this type
// that came out of a parse without complaints is consistent: names are unique, every provider has a protocol
// and a base URL, every endpoint names a provider that exists, every secret is resolved.
#pragma once

#include "proxy/base/secret.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace spillway::settings {

using std::chrono::milliseconds;

// Nano-dollars. What they are paid for stands at the member: a million tokens, a request, an image.
struct nano_usd {
    std::int64_t count = 0;
    friend auto operator<=>(const nano_usd&, const nano_usd&) = default;
};

// A secret and where it came from. `reference` is what may be printed: "env:NAME", "file:PATH", "cred:NAME",
// or "literal:" followed by a mask; empty where no flag can say it.
struct secret_value {
    std::string reference;
    base::secret value;
    friend bool operator==(const secret_value& a, const secret_value& b) noexcept {
        return a.reference == b.reference && a.value.reveal() == b.value.reveal();
    }
};

struct tcp_address {
    std::string host;  // an IPv4 or IPv6 address in its usual text form, without brackets
    std::uint16_t port = 0;
    bool operator==(const tcp_address&) const = default;
};
struct unix_path {
    std::string path;
    bool operator==(const unix_path&) const = default;
};
struct inherited_descriptor {
    int number = -1;
    bool operator==(const inherited_descriptor&) const = default;
};
using listener = std::variant<tcp_address, unix_path, inherited_descriptor>;

struct tls_files {
    std::string certificate;
    std::string key;
    std::string client_ca;  // empty: clients need no certificate
    bool operator==(const tls_files&) const = default;
};

struct timeouts {
    milliseconds connect = std::chrono::seconds{3};
    milliseconds tls = std::chrono::seconds{5};
    milliseconds first_byte = std::chrono::seconds{120};
    milliseconds idle = std::chrono::seconds{60};
    milliseconds total = std::chrono::minutes{15};
    bool operator==(const timeouts&) const = default;
};

// What one provider sets differently.
struct timeout_overrides {
    std::optional<milliseconds> connect;
    std::optional<milliseconds> tls;
    std::optional<milliseconds> first_byte;
    std::optional<milliseconds> idle;
    std::optional<milliseconds> total;
    bool operator==(const timeout_overrides&) const = default;

    timeouts over(const timeouts& general) const {
        return {
            connect.value_or(general.connect),
            tls.value_or(general.tls),
            first_byte.value_or(general.first_byte),
            idle.value_or(general.idle),
            total.value_or(general.total)};
    }
};

enum class protocol : std::uint8_t { chat, messages, responses, gemini, converse, cohere, ollama };

// What a provider may do with prompts.
enum class data_use : std::uint8_t { unstated, train, retain, zdr };

struct extra_header {
    std::string name;
    std::string value;
    bool operator==(const extra_header&) const = default;
};

// Amazon: where keys that come and go are asked for; found in the environment, never said by a flag.
struct key_place {
    enum class kind : std::uint8_t { container, instance };
    kind what = kind::container;
    std::string url;
    std::optional<secret_value> authorization;
    bool operator==(const key_place&) const = default;
};

// One routable account of a provider. `name` and `account` together are unique.
struct provider {
    std::string name;     // "openai"
    std::string account;  // "" or what follows the slash in "openai/eu"
    settings::protocol protocol = protocol::chat;
    std::string url;                            // base URL without a trailing slash
    std::optional<secret_value> key;            // absent: requests carry no key
    std::optional<secret_value> access_key_id;  // these two sign requests where there is no key
    std::optional<secret_value> secret_access_key;
    std::optional<secret_value> session_token;
    std::optional<key_place> keys_from;
    std::optional<secret_value> credentials;   // the key file of a Google service account
    std::string token_url;                     // where its tokens are asked for, instead of its own
    std::optional<std::uint32_t> weight;       // share among equals; 1 when absent
    std::optional<std::uint32_t> priority;     // lower is tried first; 0 when absent
    std::optional<std::uint32_t> concurrency;  // requests in flight; no bound when absent
    std::string region;
    std::string project;
    std::string api_version;
    std::string ca_file;  // empty: the system's authorities
    std::vector<extra_header> headers;
    data_use data = data_use::unstated;
    timeout_overrides timeouts;
    bool operator==(const provider&) const = default;

    // "openai" or "openai/eu", as the operator writes it.
    std::string full_name() const { return account.empty() ? name : name + '/' + account; }
};

// Absent is unknown, which is not the same as free.
struct price_list {
    std::optional<nano_usd> input;  // per million tokens, as the next four
    std::optional<nano_usd> output;
    std::optional<nano_usd> cache_read;
    std::optional<nano_usd> cache_write;
    std::optional<nano_usd> reasoning;
    std::optional<nano_usd> request;  // per request
    std::optional<nano_usd> image;    // per image
    bool operator==(const price_list&) const = default;
};

// One endpoint: this model at that provider. Several with one `id` are alternatives.
struct model {
    std::string id;        // what clients ask for: "openai/gpt-4o-mini"
    std::string name;      // for people; only catalogue files set it
    std::string provider;  // "openai" or "openai/eu"
    std::string upstream_id;
    price_list prices;
    std::optional<std::uint32_t> context;     // tokens
    std::optional<std::uint32_t> max_output;  // tokens
    std::vector<std::string> input_modalities;
    std::vector<std::string> output_modalities;
    std::vector<std::string> params;                  // empty: not stated
    std::optional<std::uint32_t> quality_millionths;  // 0..1'000'000
    std::optional<std::uint32_t> weight;
    bool operator==(const model&) const = default;
};

// `models` in order: the first that can serve does.
struct alias {
    std::string name;
    std::vector<std::string> models;
    bool operator==(const alias&) const = default;
};

// Globs. An empty allow list allows all; a denial always wins.
struct access_lists {
    std::vector<std::string> allow_models;
    std::vector<std::string> deny_models;
    std::vector<std::string> allow_providers;
    std::vector<std::string> deny_providers;
    bool operator==(const access_lists&) const = default;
};

enum class auth_mode : std::uint8_t { keys, off };

struct client_key {
    std::string name;
    secret_value secret;
    std::vector<std::string> models;     // globs; empty: all
    std::vector<std::string> providers;  // globs; empty: all
    std::string organisation;
    std::optional<std::chrono::sys_seconds> expires;  // not valid from this moment on
    std::optional<std::uint32_t> concurrency;
    bool operator==(const client_key&) const = default;
};

struct bounds {
    std::size_t body = 32U << 20;
    std::size_t head = 32U << 10;
    std::optional<std::size_t> memory;         // absent: no bound
    std::optional<std::uint32_t> connections;  // absent: no bound
    bool operator==(const bounds&) const = default;
};

enum class log_level : std::uint8_t { error, warn, info, debug, trace };
enum class log_format : std::uint8_t {
    by_terminal,
    text,
    json
};  // by_terminal: text on one, else JSON

struct access_log {
    enum class target : std::uint8_t { off, standard_output, file } where = target::off;
    std::string path;
    bool operator==(const access_log&) const = default;
};

}  // namespace spillway::settings

namespace spillway {

struct options {
    std::vector<settings::listener> listeners;
    std::optional<settings::tls_files> tls;
    std::optional<std::uint32_t> workers;  // absent: one a core

    std::vector<settings::provider>
        providers;  // declared ones, then those found in the environment
    bool env_providers = true;

    std::vector<settings::model> models;  // from --model
    std::vector<std::string> catalog_files;
    std::vector<settings::model> catalog_models;  // what the files hold, in order; a later one wins
    std::vector<settings::alias> aliases;
    std::string default_model;  // empty: a request must name its model
    settings::access_lists lists;

    settings::auth_mode auth = settings::auth_mode::keys;
    std::vector<settings::client_key> keys;

    std::uint32_t max_attempts = 3;
    std::uint32_t retry_budget_percent = 20;
    settings::timeouts timeouts;
    std::optional<settings::milliseconds> sse_keepalive = std::chrono::seconds{15};  // absent: off
    settings::milliseconds drain_timeout = std::chrono::minutes{5};
    settings::bounds bounds;

    settings::log_level log_level = settings::log_level::info;
    settings::log_format log_format = settings::log_format::by_terminal;
    settings::access_log access_log;

    bool operator==(const options&) const = default;
};

}  // namespace spillway
