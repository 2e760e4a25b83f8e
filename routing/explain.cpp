#include "routing/explain.hpp"

#include "routing/filter.hpp"
#include "routing/planner.hpp"

#include <algorithm>
#include <span>

namespace spillway::routing {

namespace {

// Nano-dollars as dollars, without trailing zeros: 150,000,000 → "0.15".
std::string dollars(std::int64_t nanos) {
    constexpr std::int64_t unit = 1'000'000'000;
    auto text = std::to_string(nanos / unit);
    auto rest = std::to_string(nanos % unit);
    rest.insert(0, 9 - rest.size(), '0');
    rest.erase(rest.find_last_not_of('0') + 1);
    return rest.empty() ? text : text + "." + rest;
}

std::string words(const price_list& prices) {
    if (!prices.is_known()) return "price unknown";
    std::string text;
    const auto add = [&text](const char* name, const std::optional<std::int64_t>& price) {
        if (price) text += std::string{text.empty() ? "" : ", "} + name + " " + dollars(*price);
    };
    add("in", prices.prompt);
    add("out", prices.completion);
    add("cache-read", prices.cache_read);
    add("cache-write", prices.cache_write);
    add("reasoning", prices.reasoning);
    add("request", prices.request);
    add("image", prices.image);
    return text + " USD";
}

std::string seconds(milliseconds time) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

std::string words(const place& stands) {
    switch (stands.is) {
    case readiness::ready: return "ready";
    case readiness::full: return "at its concurrency limit";
    case readiness::ejected: return "put last for " + seconds(stands.remaining);
    case readiness::resting: return "resting after a rate limit for " + seconds(stands.remaining);
    }
    return {};
}

std::string_view words(refusal_step step) {
    switch (step) {
    case refusal_step::no_model: return "no model was named and there is no default";
    case refusal_step::unknown_model: return "there is no such model";
    case refusal_step::no_endpoints: return "nobody is configured to serve it";
    case refusal_step::not_allowed_organisation: return "the allow and deny lists forbid it";
    case refusal_step::not_allowed_key: return "the key's lists forbid it";
    case refusal_step::data_policy: return "the data policy forbids it";
    case refusal_step::provider_only: return "the request's list of providers leaves it out";
    case refusal_step::provider_ignore: return "the request ignores it";
    case refusal_step::context_length: return "the request is too long for it";
    case refusal_step::resting: return "everybody is resting after rate limits";
    case refusal_step::no_room: return "everybody is at the concurrency limit";
    }
    return {};
}

std::string line_for(const candidate& who, std::size_t number, time_point now) {
    std::string line = "  " + std::to_string(number) + ". " + who.at->name + " : ";
    line += std::string{who.upstream_model} + "  (model " + std::string{who.model};
    line += ", priority " + std::to_string(who.at->priority);
    line += ", weight " + std::to_string(std::uint64_t{who.at->weight} * who.target->weight);
    if (who.target->state == nullptr) line += ", by prefix";
    line += ", " + words(who.target->price);
    return line + ", " + words(place_of(*who.at, *who.state, now)) + ")\n";
}

// What the plan left out, with the step that did it.
std::string left_out(const table& routes, const request_facts& asked, const client_key& who) {
    std::string text;
    const auto add = [&text](const std::string& name, refusal_step why) {
        text += "  - " + name + "  (" + std::string{words(why)} + ")\n";
    };
    const auto add_endpoints = [&](std::span<const endpoint> all) {
        for (const auto& each : all) {
            if (const auto why = objection_to(each, routes, asked, who)) add(each.at->name, *why);
        }
    };
    const auto found = routes.find(asked.model);
    for (const auto* one : found.chain) {
        const auto why = objection_to_model(one->slug, one->by_organisation, who);
        if (why)
            add("model " + one->slug, *why);
        else if (one->endpoints.empty())
            add("model " + one->slug, refusal_step::no_endpoints);
        else
            add_endpoints(one->endpoints);
    }
    if (!found.unnamed.empty()) {
        const auto verdict = routes.organisation_verdict_on_model(asked.model);
        if (const auto why = objection_to_model(asked.model, verdict, who)) {
            add("model " + std::string{asked.model}, *why);
        } else {
            add_endpoints(found.unnamed);
        }
    }
    return text;
}

}  // namespace

std::string print_routes(
    const table& routes,
    std::string_view model,
    const client_key& who,
    time_point now,
    std::uint64_t random
) {
    request_facts asked;
    asked.model = model.empty() ? routes.default_model() : model;
    const auto made = make_plan(routes, asked, who, now, random);
    std::string text = std::string{asked.model} + "\n";
    if (made) {
        std::size_t number = 0;
        for (const auto& each : made->candidates())
            text += line_for(each, ++number, now);
    } else {
        text += "  nobody: " + std::string{words(made.error().step)} + "\n";
        for (const auto& near : made.error().suggestions)
            text += "  did you mean " + near + "?\n";
    }
    const auto rest = left_out(routes, asked, who);
    return rest.empty() ? text : text + "left out:\n" + rest;
}

}  // namespace spillway::routing
