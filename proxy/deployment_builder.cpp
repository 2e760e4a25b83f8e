#include "proxy/deployment_builder.hpp"

#include "adapters/registry.hpp"
#include "proxy/flow/listing.hpp"
#include "proxy/wire/head_writer.hpp"

#include <algorithm>
#include <thread>

namespace spillway {

namespace {

std::optional<std::int64_t> nanos(const std::optional<settings::nano_usd>& price) {
    if (!price) return std::nullopt;
    return price->count;
}

routing::price_list prices_of(const settings::price_list& from) {
    routing::price_list prices;
    prices.prompt = nanos(from.input);
    prices.completion = nanos(from.output);
    prices.cache_read = nanos(from.cache_read);
    prices.cache_write = nanos(from.cache_write);
    prices.reasoning = nanos(from.reasoning);
    prices.request = nanos(from.request);
    prices.image = nanos(from.image);
    return prices;
}

routing::data_use data_of(settings::data_use from) {
    switch (from) {
    case settings::data_use::unstated:
    case settings::data_use::train: return routing::data_use::train;
    case settings::data_use::retain: return routing::data_use::retain;
    case settings::data_use::zdr: return routing::data_use::zdr;
    }
    return routing::data_use::train;
}

routing::endpoint_description endpoint_of(const settings::model& from) {
    routing::endpoint_description made;
    made.account = from.provider;
    made.upstream_model = from.upstream_id;
    made.price = prices_of(from.prices);
    made.context = from.context.value_or(0);
    made.max_output = from.max_output.value_or(0);
    made.weight = from.weight.value_or(1);
    return made;
}

// Endpoints of one model stand together; a later one for the same place replaces an earlier one.
void add_model(std::vector<routing::model_description>& models, const settings::model& from) {
    const auto found = std::ranges::find(models, from.id, &routing::model_description::id);
    routing::model_description& model = found != models.end() ? *found : models.emplace_back();
    model.id = from.id;
    if (!from.name.empty()) model.display_name = from.name;
    routing::endpoint_description made = endpoint_of(from);
    for (routing::endpoint_description& one : model.endpoints) {
        if (one.account == made.account && one.upstream_model == made.upstream_model) {
            one = std::move(made);
            return;
        }
    }
    model.endpoints.push_back(std::move(made));
}

flow::time_limits limits_of(const settings::timeouts& from) {
    return {from.connect, from.tls, from.first_byte, from.idle, from.total};
}

std::string display_name_of(const settings::provider& one) {
    const adapters::provider_row* row = adapters::find_row(one.name);
    return row != nullptr ? std::string{row->display_name} : one.name;
}

adapters::protocol to_adapters(settings::protocol from) {
    switch (from) {
    case settings::protocol::chat: return adapters::protocol::chat;
    case settings::protocol::messages: return adapters::protocol::messages;
    case settings::protocol::responses: return adapters::protocol::responses;
    case settings::protocol::gemini: return adapters::protocol::gemini;
    case settings::protocol::converse: return adapters::protocol::converse;
    case settings::protocol::cohere: return adapters::protocol::cohere;
    case settings::protocol::ollama: return adapters::protocol::ollama;
    }
    return adapters::protocol::chat;
}

settings::protocol to_settings(adapters::protocol from) {
    switch (from) {
    case adapters::protocol::chat: return settings::protocol::chat;
    case adapters::protocol::messages: return settings::protocol::messages;
    case adapters::protocol::responses: return settings::protocol::responses;
    case adapters::protocol::gemini: return settings::protocol::gemini;
    case adapters::protocol::converse: return settings::protocol::converse;
    case adapters::protocol::cohere: return settings::protocol::cohere;
    case adapters::protocol::ollama: return settings::protocol::ollama;
    }
    return settings::protocol::chat;
}

// A provider no table knows, or one that is told to speak otherwise than its row: the protocol's common habits.
std::unique_ptr<const flow::custom_provider>
make_custom(const std::string& name, const std::string& display_name, adapters::protocol speaks) {
    auto made = std::make_unique<flow::custom_provider>();
    made->name = name;
    made->display_name = display_name;
    made->row = adapters::generic_row(speaks);
    made->row.name = made->name;
    made->row.display_name = made->display_name;
    return made;
}

known_provider::key_kind key_kind_of(const adapters::provider_row& row) {
    using kind = known_provider::key_kind;
    using adapters::url_style;
    if (row.auth == adapters::auth_style::aws) return kind::amazon;
    const bool is_vertex = row.url == url_style::vertex || row.url == url_style::vertex_claude;
    return is_vertex ? kind::google : kind::plain;
}

// The head of every request to this account, but for what differs from one to the next.
void write_heads(flow::provider_account& account, const std::vector<adapters::head_field>& extra) {
    std::string& fields = account.common_fields;
    fields = "Host: " + account.origin.authority + "\r\n";
    for (const adapters::head_field& one : extra)
        fields += one.name + ": " + one.value + "\r\n";
    fields += "Content-Type: application/json\r\n";
    fields += "Accept: application/json, text/event-stream\r\nAccept-Encoding: identity\r\n";
    fields += "User-Agent: spillway/" SPILLWAY_VERSION "\r\n";
    for (std::size_t i = 0; i < flow::asked_operations; ++i) {
        for (const adapters::delivery how :
             {adapters::delivery::whole, adapters::delivery::streamed}) {
            const adapters::call what{static_cast<adapters::operation>(i), how};
            const std::string target = account.adapter->target(what, "a");
            if (target != account.adapter->target(what, "b")) continue;  // the path names the model
            account.ready_head(what) = "POST " + target + " HTTP/1.1\r\n" + fields;
        }
    }
}

}  // namespace

std::size_t worker_count(const options& from) {
    return from.workers.value_or(std::max(1U, std::thread::hardware_concurrency()));
}

std::vector<known_provider> known_providers() {
    std::vector<known_provider> known;
    for (const adapters::provider_row& row : adapters::rows()) {
        known_provider one;
        one.name = row.name;
        one.protocol = to_settings(row.speaks);
        one.default_url = row.base_url;
        if (!row.is_local)
            one.url_variable = row.base_url_variable;  // a base URL, not a host alone
        if (!row.key_variable.empty()) one.key_variables = {&row.key_variable, 1};
        one.key = row.is_local || row.auth == adapters::auth_style::none
                      ? known_provider::key_need::optional
                      : known_provider::key_need::required;
        one.instead = key_kind_of(row);
        known.push_back(one);
    }
    return known;
}

built_deployment deployment_builder::build(const options& from) {
    built_deployment built;
    if (workers_ == 0) workers_ = worker_count(from);
    auto made = std::make_shared<flow::deployment>();
    routing::built_table routes = routing::build_table(describe(from), states_);
    if (!routes) {
        built.complaints = routes.error().texts;
    } else {
        made->routes = *routes;
    }
    for (const settings::provider& one : from.providers) {
        made->accounts.push_back(account_of(one, from, built.complaints));
    }
    if (!built.complaints.empty()) return built;
    limit_keys(from, *made);
    made->generation = ++generation_;
    made->auth =
        from.auth == settings::auth_mode::off ? flow::auth_mode::off : flow::auth_mode::keys;
    made->digest_key = digest_key_;
    made->body_limit = from.bounds.body;
    made->head_limit = from.bounds.head;
    made->keepalive = from.sse_keepalive;
    for (std::size_t i = 0; i < adapters::list_forms; ++i)
        made->models[i] = flow::render_listing(*made->routes, static_cast<adapters::list_form>(i));
    built.value = std::move(made);
    return built;
}

// The ring has an order of its own, by digest.
void deployment_builder::limit_keys(const options& from, flow::deployment& made) {
    const routing::key_ring& ring = made.routes->keys();
    made.key_limits.resize(ring.size());
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const std::string& name = ring[routing::client_key_id{static_cast<std::uint32_t>(i)}].name;
        const auto said = std::ranges::find(from.keys, name, &settings::client_key::name);
        if (said == from.keys.end() || !said->concurrency) continue;
        std::unique_ptr<routing::gate>& gate = key_gates_[name];
        if (!gate) gate = std::make_unique<routing::gate>();
        made.key_limits[i] = {gate.get(), *said->concurrency};
    }
}

routing::description deployment_builder::describe(const options& from) const {
    routing::description plain;
    for (const settings::provider& one : from.providers) {
        routing::account_description account;
        account.name = one.full_name();
        account.display_name = display_name_of(one);
        account.weight = one.weight.value_or(1);
        account.priority = one.priority.value_or(0);
        account.concurrency_limit = one.concurrency.value_or(0);
        account.data = data_of(one.data);
        plain.accounts.push_back(std::move(account));
    }
    for (const settings::model& one : from.catalog_models)
        add_model(plain.models, one);
    for (const settings::model& one : from.models)
        add_model(plain.models, one);
    for (const settings::alias& one : from.aliases)
        plain.aliases.push_back({one.name, one.models});
    for (const settings::client_key& one : from.keys) {
        routing::key_description key;
        key.name = one.name;
        key.digest = net::hmac_sha256(digest_key_, one.secret.value.reveal());
        key.models = one.models;
        key.providers = one.providers;
        key.organisation = one.organisation;
        if (one.expires) key.expires = *one.expires;
        plain.keys.push_back(std::move(key));
    }
    plain.default_model = from.default_model;
    plain.allow_models = from.lists.allow_models;
    plain.deny_models = from.lists.deny_models;
    plain.allow_providers = from.lists.allow_providers;
    plain.deny_providers = from.lists.deny_providers;
    plain.max_attempts = from.max_attempts;
    plain.retry_percent = from.retry_budget_percent;
    return plain;
}

flow::provider_account deployment_builder::account_of(
    const settings::provider& one, const options& from, std::vector<std::string>& complaints
) {
    flow::provider_account account;
    adapters::account_settings said;
    said.base_url = one.url;
    said.display_name = display_name_of(one);
    said.api_version = one.api_version;
    said.region = one.region;
    said.project = one.project;
    const auto reveal = [](const std::optional<settings::secret_value>& secret) {
        return secret ? std::string{secret->value.reveal()} : std::string{};
    };
    said.access_key_id = reveal(one.access_key_id);
    said.secret_access_key = reveal(one.secret_access_key);
    said.session_token = reveal(one.session_token);
    for (const settings::extra_header& header : one.headers)
        said.extra_fields.push_back({header.name, header.value});

    const adapters::provider_row* row = adapters::find_row(one.name);
    const adapters::protocol speaks = to_adapters(one.protocol);
    if (row == nullptr || row->speaks != speaks) {
        account.custom = make_custom(one.name, said.display_name, speaks);
        row = &account.custom->row;
    }
    adapters::result<std::unique_ptr<adapters::adapter>> adapter =
        adapters::make_adapter(*row, said);
    if (!adapter) {
        complaints.push_back("provider " + one.full_name() + ": " + adapter.error().message);
        return account;
    }
    account.adapter = std::move(*adapter);
    account.origin = upstream::parse_origin(account.adapter->origin(), one.ca_file);
    const auto next = static_cast<upstream::origin_id>(origins_.size());
    account.origin.id = origins_.try_emplace(account.origin.identity(), next).first->second;
    if (one.key) account.key = one.key->value;
    account.lender = lenders_.lender_of(one, said, workers_, complaints);
    account.limits = limits_of(one.timeouts.over(from.timeouts));
    write_heads(account, account.adapter->credentials(account.key.reveal()));
    wire::head_writer fields{account.answer_fields};
    fields.add_fixed("x-provider-name", said.display_name);
    fields.add_fixed("access-control-allow-origin", "*");
    (void
    )fields.finish_open();  // a name that would break the head is left out, with everything else
    return account;
}

}  // namespace spillway
