#include "proxy/flow/translate.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::flow {

routing::request_facts to_routing(const adapters::request_facts& asked) noexcept {
    routing::request_facts facts;
    facts.model = asked.model;
    facts.models = asked.models();
    facts.provider.order = asked.order();
    facts.provider.only = asked.only();
    facts.provider.ignore = asked.ignore();
    if (asked.provider.allow_fallbacks == adapters::tristate::no)
        facts.provider.beyond = routing::fallbacks::forbidden;
    if (asked.provider.data_collection == adapters::data_policy::deny)
        facts.data = routing::data_floor::no_training;
    if (asked.provider.zdr == adapters::tristate::yes) facts.data = routing::data_floor::zdr;
    facts.output_tokens = asked.max_tokens.value_or(0);
    return facts;
}

routing::outcome_kind to_outcome(const failure& why) noexcept {
    using routing::outcome_kind;
    if (why.where == side::client) return outcome_kind::client_gone;
    switch (why.what) {
    case fault::resolve: return outcome_kind::resolve_failed;
    case fault::timeout_connect:
    case fault::refused: return outcome_kind::connect_failed;
    case fault::timeout_tls:
    case fault::tls: return outcome_kind::tls_failed;
    case fault::timeout_first_byte:
    case fault::timeout_idle:
    case fault::timeout_total:
    case fault::timeout_read:
    case fault::timeout_write: return outcome_kind::first_byte_timeout;
    case fault::closed:
    case fault::reset: return outcome_kind::closed_early;
    case fault::bad_head:
    case fault::bad_framing:
    case fault::bad_body:
    case fault::too_large: return outcome_kind::bad_answer;
    case fault::cancelled: return outcome_kind::client_gone;
    case fault::exhausted:
    case fault::internal: return outcome_kind::connect_failed;
    }
    std::unreachable();
}

routing::outcome_kind to_outcome(const adapters::problem& why) noexcept {
    using adapters::error_class;
    using routing::outcome_kind;
    switch (why.what) {
    case error_class::auth:
    case error_class::permission: return outcome_kind::key_refused;
    case error_class::quota: return outcome_kind::quota_spent;
    case error_class::rate: return outcome_kind::rate_limited;
    // A 503 is a fault of a server; only 529 says that the provider as a whole has no room.
    case error_class::overload:
        return why.upstream_status == 529 ? outcome_kind::overloaded : outcome_kind::server_fault;
    case error_class::content: return outcome_kind::content_refused;
    case error_class::context_length: return outcome_kind::context_too_long;
    case error_class::bad_request:
    case error_class::too_large: return outcome_kind::caller_fault;
    case error_class::not_found: return outcome_kind::model_missing;
    case error_class::timeout:
    case error_class::unavailable:
    case error_class::internal: return outcome_kind::server_fault;
    case error_class::upstream_fault:
        return why.upstream_status >= 500 ? outcome_kind::server_fault : outcome_kind::bad_answer;
    }
    std::unreachable();
}

routing::token_counts to_counts(const adapters::usage& used) noexcept {
    routing::token_counts counts;
    counts.prompt = used.prompt;
    counts.completion = used.completion;
    counts.cache_read = used.cached_read;
    counts.cache_write = used.cache_write;
    counts.reasoning = used.reasoning;
    return counts;
}

adapters::problem to_problem(const routing::refusal& why, adapters::face side) {
    using adapters::error_class;
    using adapters::make_problem;
    using routing::refusal_step;
    switch (why.step) {
    case refusal_step::no_model:
        return make_problem(
            error_class::bad_request,
            "The request names no model and there is no default model.",
            "model"
        );
    case refusal_step::unknown_model: {
        std::string text = fmt::format("{} is not a valid model ID", why.model);
        if (!why.suggestions.empty())
            text += fmt::format(". Did you mean {}?", fmt::join(why.suggestions, " or "));
        adapters::problem problem = make_problem(error_class::not_found, std::move(text), "model");
        problem.code = "model_not_found";
        if (side == adapters::face::openrouter) problem.status = 400;  // as OpenRouter says it
        return problem;
    }
    case refusal_step::no_endpoints:
        return make_problem(
            error_class::not_found, fmt::format("No endpoints found for {}.", why.model), "model"
        );
    case refusal_step::not_allowed_organisation:
        return make_problem(
            error_class::permission,
            fmt::format("{} is not allowed on this gateway.", why.model),
            "model"
        );
    case refusal_step::not_allowed_key:
        return make_problem(
            error_class::permission, fmt::format("This key may not use {}.", why.model), "model"
        );
    case refusal_step::data_policy:
        return make_problem(
            error_class::not_found,
            fmt::format("No endpoints of {} keep to your data policy.", why.model),
            "provider"
        );
    case refusal_step::provider_only:
        return make_problem(
            error_class::not_found,
            fmt::format(
                "No allowed providers are available for the selected model {} (provider.only or "
                "provider.order).",
                why.model
            ),
            "provider"
        );
    case refusal_step::provider_ignore:
        return make_problem(
            error_class::not_found,
            fmt::format(
                "No allowed providers are available for the selected model {} (provider.ignore).",
                why.model
            ),
            "provider"
        );
    case refusal_step::context_length:
        return make_problem(
            error_class::context_length,
            fmt::format(
                "No endpoint of {} has a maximum context length or output limit that fits this "
                "request.",
                why.model
            )
        );
    case refusal_step::resting: {
        adapters::problem problem = make_problem(
            error_class::rate, fmt::format("Every provider of {} is rate-limited.", why.model)
        );
        problem.retry_after = why.wait;
        return problem;
    }
    case refusal_step::no_room: {
        adapters::problem problem = make_problem(
            error_class::rate,
            fmt::format("Every provider of {} is at its concurrency limit.", why.model)
        );
        problem.retry_after = std::chrono::seconds{1};
        return problem;
    }
    }
    std::unreachable();
}

adapters::problem to_problem(const failure& why, std::string_view provider) {
    using adapters::error_class;
    const std::string who = provider.empty() ? std::string{"The provider"} : std::string{provider};
    const auto made = [&](error_class what, std::string_view text) {
        adapters::problem problem = adapters::make_problem(what, who + ' ' + std::string{text});
        problem.provider = provider;
        problem.code = name_of(why.what);
        return problem;
    };
    switch (why.what) {
    case fault::resolve:
        return made(error_class::upstream_fault, "could not be found: its name has no address");
    case fault::refused: return made(error_class::upstream_fault, "could not be reached");
    case fault::tls:
        return made(
            error_class::upstream_fault, "failed the TLS handshake: " + std::string{why.detail}
        );
    case fault::timeout_connect:
        return made(error_class::timeout, "did not accept a connection in time");
    case fault::timeout_tls:
        return made(error_class::timeout, "did not finish the TLS handshake in time");
    case fault::timeout_first_byte: return made(error_class::timeout, "did not answer in time");
    case fault::timeout_idle:
        return made(error_class::timeout, "stopped sending in the middle of its answer");
    case fault::timeout_total:
    case fault::timeout_read:
    case fault::timeout_write:
        return made(error_class::timeout, "did not finish within the time limit of the request");
    case fault::closed:
    case fault::reset:
        return made(
            error_class::upstream_fault, "closed the connection before its answer was complete"
        );
    case fault::bad_head:
    case fault::bad_framing:
    case fault::bad_body:
    case fault::too_large:
        return made(
            error_class::upstream_fault, "sent an invalid answer: " + std::string{why.detail}
        );
    case fault::cancelled:
        return made(error_class::unavailable, "was not waited for: the gateway is shutting down");
    case fault::exhausted:
        return made(
            error_class::unavailable, "could not be asked: the gateway is out of resources"
        );
    case fault::internal: return made(error_class::internal, "could not be asked: internal error");
    }
    std::unreachable();
}

std::optional<adapters::cost> target_costs::cost_of(const adapters::usage& tokens) const noexcept {
    const routing::token_counts counts = to_counts(tokens);
    const std::optional<routing::money> total = routing::cost_of(prices_, counts);
    if (!total) return std::nullopt;
    // The split is for people: the prompt's part by itself, the rest is what the completion cost.
    routing::token_counts prompt_only = counts;
    prompt_only.completion = 0;
    prompt_only.reasoning = 0;
    const std::optional<routing::money> prompt = routing::cost_of(prices_, prompt_only);
    if (!prompt) return std::nullopt;
    return adapters::cost{total->nanos, prompt->nanos, total->nanos - prompt->nanos};
}

}  // namespace spillway::flow
