#include "routing/filter.hpp"

#include <algorithm>
#include <cstddef>

namespace spillway::routing {

namespace {

bool keeps_to(data_use use, data_floor floor) noexcept {
    switch (floor) {
    case data_floor::any: return true;
    case data_floor::no_training: return use != data_use::train;
    case data_floor::zdr: return use == data_use::zdr;
    }
    return false;
}

bool fits(const endpoint& target, const request_facts& asked) noexcept {
    const auto is_above = [](std::uint32_t wanted, std::uint32_t limit) {
        return limit != 0 && wanted > limit;
    };
    return !is_above(asked.prompt_tokens, target.context) &&
           !is_above(asked.output_tokens, target.max_output);
}

}  // namespace

std::optional<refusal_step> objection_to_model(
    std::string_view slug, list_verdict by_organisation, const client_key& who
) noexcept {
    if (by_organisation == list_verdict::denied) return refusal_step::not_allowed_organisation;
    if (!who.models.empty() && !matches_any(who.models, slug)) return refusal_step::not_allowed_key;
    return std::nullopt;
}

std::optional<refusal_step> objection_to(
    const endpoint& target, const table& routes, const request_facts& asked, const client_key& who
) noexcept {
    const account& at = *target.at;
    if (at.by_organisation == list_verdict::denied) return refusal_step::not_allowed_organisation;
    if (!who.providers.empty() && !matches_any(who.providers, at.provider) &&
        !matches_any(who.providers, at.name)) {
        return refusal_step::not_allowed_key;
    }
    if (!keeps_to(at.data, std::max(routes.data(), asked.data))) return refusal_step::data_policy;
    const auto& prefs = asked.provider;
    const auto is_in = [&at](std::span<const std::string_view> names) {
        return position_of(at, names) != names.size();
    };
    if (!prefs.only.empty() && !is_in(prefs.only)) return refusal_step::provider_only;
    if (prefs.beyond == fallbacks::forbidden && !prefs.order.empty() && !is_in(prefs.order)) {
        return refusal_step::provider_only;
    }
    if (is_in(prefs.ignore)) return refusal_step::provider_ignore;
    if (!fits(target, asked)) return refusal_step::context_length;
    return std::nullopt;
}

place place_of(const account& at, const target_state& target, time_point now) noexcept {
    if (const auto rest = target.rate_rest.remaining(now); rest > milliseconds{0}) {
        return {readiness::resting, rest};
    }
    const auto health = target.health.look(now);
    const auto key_rest = at.state->key_rest.remaining(now);
    if (health.is == standing::open || key_rest > milliseconds{0}) {
        return {readiness::ejected, std::max(health.remaining, key_rest)};
    }
    if (at.state->in_flight.is_full(at.concurrency_limit))
        return {readiness::full, milliseconds{0}};
    return {readiness::ready, milliseconds{0}};
}

bool is_meant(const account& at, std::string_view name) noexcept {
    return same_name(name, at.provider) || same_name(name, at.name) ||
           same_name(name, at.display_name);
}

std::size_t position_of(const account& at, std::span<const std::string_view> names) noexcept {
    const auto found = std::ranges::find_if(names, [&at](auto name) { return is_meant(at, name); });
    return static_cast<std::size_t>(found - names.begin());
}

}  // namespace spillway::routing
