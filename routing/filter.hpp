// Who is left out, and who has to stand back: the two questions the planner asks about every endpoint, apart from
// it so that they can be explained to a person in the same words. Internal to this room. Pure but for atomics read.
#pragma once

#include "routing/access/key_ring.hpp"
#include "routing/facts.hpp"
#include "routing/refusal.hpp"
#include "routing/table.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace spillway::routing {

enum class readiness : std::uint8_t { ready, full, ejected, resting };

struct place {
    readiness is;
    milliseconds remaining;  // of the ejection or the rest
};

// The step that drops a model or an endpoint for this request; nothing when it may serve.
std::optional<refusal_step> objection_to_model(
    std::string_view slug, list_verdict by_organisation, const client_key& who
) noexcept;
std::optional<refusal_step> objection_to(
    const endpoint& target, const table& routes, const request_facts& asked, const client_key& who
) noexcept;

place place_of(const account& at, const target_state& target, time_point now) noexcept;

// Does a name in `order`, `only` or `ignore` mean this account? A provider's slug or display name means all of its accounts.
bool is_meant(const account& at, std::string_view name) noexcept;
// The position of the first name that means this account; names.size() when none does.
std::size_t position_of(const account& at, std::span<const std::string_view> names) noexcept;

}  // namespace spillway::routing
