#include "proxy/options/provider_keys.hpp"

#include "adapters/json/document.hpp"
#include "proxy/options/secret.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace spillway::settings {

namespace {

constexpr std::string_view flag_name = "provider";
constexpr std::string_view google_file = "GOOGLE_APPLICATION_CREDENTIALS";
constexpr std::string_view amazon_id = "AWS_ACCESS_KEY_ID";
constexpr std::string_view amazon_secret = "AWS_SECRET_ACCESS_KEY";
constexpr std::string_view amazon_session = "AWS_SESSION_TOKEN";

using key_kind = known_provider::key_kind;

// Of several names the first that is set and not empty.
std::string_view variable(const draft& d, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const auto found = d.input.variables.find(name);
        if (found != d.input.variables.end() && !found->second.empty()) return found->second;
    }
    return {};
}

void complain(draft& d, std::string_view where, const provider& p, const problem& why) {
    d.complain(where, flag_name, {p.full_name() + ": " + why.what, why.advice});
}

void take(
    draft& d,
    std::string_view where,
    provider& p,
    std::optional<secret_value>& into,
    parsed<secret_value> secret
) {
    if (secret) {
        into = std::move(*secret);
    } else {
        complain(d, where, p, secret.error());
    }
}

void take_variable(
    draft& d,
    std::string_view where,
    provider& p,
    std::optional<secret_value>& into,
    std::string_view name
) {
    take(d, where, p, into, resolve_secret(fmt::format("env:{}", name), d.input));
}

std::string project_of(std::string_view key_file) {
    const adapters::padded_text text{key_file};
    adapters::json::document read;
    if (!read.read(text.view())) return {};
    const parsed<std::string> project = parse_label(read.root()["project_id"].string().raw);
    return project ? *project : std::string{};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t from = text.find_first_not_of(blanks);
    if (from == text.npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

// The value of `name = value` in the section of a file as Amazon's tools write it; empty: there is none.
std::string_view value_in(std::string_view file, std::string_view section, std::string_view name) {
    bool is_ours = false;
    while (!file.empty()) {
        const std::size_t end = std::min(file.find('\n'), file.size());
        const std::string_view line = trimmed(file.substr(0, end));
        file.remove_prefix(std::min(end + 1, file.size()));
        if (line.starts_with('[') && line.ends_with(']')) {
            is_ours = trimmed(line.substr(1, line.size() - 2)) == section;
            continue;
        }
        const std::size_t equals = line.find('=');
        if (is_ours && equals != line.npos && trimmed(line.substr(0, equals)) == name)
            return trimmed(line.substr(equals + 1));
    }
    return {};
}

// As Amazon's tools: AWS_PROFILE, else "default", of the shared file. Its keys have no reference that could be printed.
bool take_profile(const draft& d, provider& p) {
    std::string path{variable(d, {"AWS_SHARED_CREDENTIALS_FILE"})};
    if (path.empty()) {
        const std::string_view home = variable(d, {"HOME"});
        if (home.empty()) return false;
        path = fmt::format("{}/.aws/credentials", home);
    }
    std::string why_not;
    const std::optional<std::string> file = d.input.read_file(path, why_not);
    if (!file) return false;
    std::string_view profile = variable(d, {"AWS_PROFILE"});
    if (profile.empty()) profile = "default";
    const auto read = [&](std::string_view name) -> std::optional<secret_value> {
        const std::string_view found = value_in(*file, profile, name);
        if (found.empty()) return std::nullopt;
        return secret_value{{}, base::secret{std::string{found}}};
    };
    std::optional<secret_value> id = read("aws_access_key_id");
    std::optional<secret_value> secret = read("aws_secret_access_key");
    if (!id || !secret) return false;
    p.access_key_id = std::move(id);
    p.secret_access_key = std::move(secret);
    p.session_token = read("aws_session_token");
    return true;
}

// Hosts where Amazon's tools send such a question without TLS: the machine itself, and what answers beside a container.
bool is_beside_us(std::string_view url) {
    url.remove_prefix(std::string_view{"http://"}.size());
    std::string_view host = url.substr(0, url.find('/'));
    if (host.ends_with(']')) return host == "[fd00:ec2::23]" || host == "[::1]";
    host = host.substr(0, host.rfind(':'));
    return is_loopback_host(host) || host == "169.254.170.2" || host == "169.254.170.23";
}

bool take_container(draft& d, std::string_view where, provider& p) {
    std::string url{variable(d, {"AWS_CONTAINER_CREDENTIALS_FULL_URI"})};
    if (const std::string_view path = variable(d, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"});
        !path.empty()) {
        url = fmt::format("http://169.254.170.2{}", path);
    }
    if (url.empty()) return false;
    const parsed<std::string> good = parse_url(url);
    if (!good || (good->starts_with("http://") && !is_beside_us(*good))) {
        complain(
            d,
            where,
            p,
            {"AWS_CONTAINER_CREDENTIALS_FULL_URI is no address to send a token to",
             "use https://, or the address that the container's platform gave"}
        );
        return true;
    }
    key_place found{key_place::kind::container, *good, {}};
    const std::string_view file = variable(d, {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"});
    if (!file.empty()) {
        take(
            d, where, p, found.authorization, resolve_secret(fmt::format("file:{}", file), d.input)
        );
    } else if (!variable(d, {"AWS_CONTAINER_AUTHORIZATION_TOKEN"}).empty()) {
        take_variable(d, where, p, found.authorization, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    }
    p.keys_from = std::move(found);
    return true;
}

// Only where we run on one, or are told of its address: elsewhere the question would be asked in vain, for ever.
bool take_instance(const draft& d, provider& p) {
    if (variable(d, {"AWS_EC2_METADATA_DISABLED"}) == "true") return false;
    std::string why_not;
    const std::optional<std::string> vendor =
        d.input.read_file("/sys/devices/virtual/dmi/id/sys_vendor", why_not);
    const parsed<std::string> said = parse_url(variable(d, {"AWS_EC2_METADATA_SERVICE_ENDPOINT"}));
    if (!said && !(vendor && vendor->starts_with("Amazon EC2"))) return false;
    p.keys_from = key_place{key_place::kind::instance, said ? *said : "http://169.254.169.254", {}};
    return true;
}

bool find_amazon_keys(draft& d, std::string_view where, provider& p) {
    if (p.access_key_id || p.secret_access_key) return false;  // half a pair is a slip
    if (variable(d, {amazon_id}).empty() || variable(d, {amazon_secret}).empty())
        return take_profile(d, p) || take_container(d, where, p) || take_instance(d, p);
    take_variable(d, where, p, p.access_key_id, amazon_id);
    take_variable(d, where, p, p.secret_access_key, amazon_secret);
    if (!variable(d, {amazon_session}).empty())
        take_variable(d, where, p, p.session_token, amazon_session);
    return true;
}

std::string advice_for(const known_provider& known) {
    switch (known.instead) {
    case key_kind::google: return fmt::format("set {} or add credentials=file:PATH", google_file);
    case key_kind::amazon:
        return fmt::format(
            "set AWS_BEARER_TOKEN_BEDROCK, or {} and {}, or add key=env:NAME",
            amazon_id,
            amazon_secret
        );
    case key_kind::plain: break;
    }
    const std::string set =
        known.key_variables.empty() ? "" : fmt::format("set {} or ", known.key_variables.front());
    return set + "add key=env:NAME or key=file:PATH";
}

}  // namespace

const std::string_view* find_variable(const draft& d, const known_provider& known) {
    for (const std::string_view& name : known.key_variables) {
        if (!variable(d, {name}).empty()) return &name;
    }
    return nullptr;
}

void find_place(draft& d, std::string_view where, provider& p, const known_provider& known) {
    const auto set = [](std::string& place, std::string_view found) {
        if (const parsed<std::string> word = parse_label(found); place.empty() && word)
            place = *word;
    };
    if (known.instead == key_kind::amazon)
        set(p.region, variable(d, {"AWS_REGION", "AWS_DEFAULT_REGION"}));
    if (known.instead != key_kind::google) return;
    const std::string_view file = variable(d, {google_file});
    if (!p.key && !p.credentials && !file.empty()) {
        take(
            d,
            where,
            p,
            p.credentials,
            resolve_secret_document(fmt::format("file:{}", file), d.input)
        );
    }
    set(p.project, variable(d, {"GOOGLE_CLOUD_PROJECT"}));
    if (p.credentials) set(p.project, project_of(p.credentials->value.reveal()));
    set(p.region, variable(d, {"GOOGLE_CLOUD_LOCATION"}));
}

void find_key(draft& d, std::string_view where, provider& p, const known_provider& known) {
    if (p.key || p.credentials || (p.access_key_id && p.secret_access_key)) return;
    if (const std::string_view* variable = find_variable(d, known))
        return take_variable(d, where, p, p.key, *variable);
    if (known.key == known_provider::key_need::optional) return;
    if (known.instead == key_kind::amazon && find_amazon_keys(d, where, p)) return;
    d.complain(where, flag_name, {fmt::format("{} has no key", p.full_name()), advice_for(known)});
}

}  // namespace spillway::settings
