#include "routing/target_state.hpp"

#include <cstdint>

namespace spillway::routing {

target_state& account_state::state_of_unnamed(std::string_view upstream_model) noexcept {
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char c : upstream_model)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return unnamed[hash % unnamed_buckets];
}

void record(
    target_state& target, account_state& account, permit with, const outcome& ended, time_point now
) noexcept {
    switch (ended.kind) {
    case outcome_kind::answered:
        target.health.answered(with);
        target.first_byte.add(static_cast<float>(ended.latency.count()), now);
        return;
    case outcome_kind::completed: target.health.completed(with); return;
    case outcome_kind::closed_early:
        if (!was_stale(ended)) target.health.failed(with, now);
        return;
    case outcome_kind::resolve_failed:
    case outcome_kind::connect_failed:
    case outcome_kind::tls_failed:
    case outcome_kind::first_byte_timeout:
    case outcome_kind::bad_answer:
    case outcome_kind::server_fault:
    case outcome_kind::cut: target.health.failed(with, now); return;
    case outcome_kind::rate_limited:
    case outcome_kind::overloaded:
        target.rate_rest.rest(ended.retry_after, now);
        target.health.abandoned(with, now);
        return;
    case outcome_kind::key_refused:
    case outcome_kind::quota_spent:
        account.key_rest.rest(key_rest_time, now);
        target.health.abandoned(with, now);
        return;
    case outcome_kind::caller_fault:
    case outcome_kind::context_too_long:
    case outcome_kind::content_refused:
    case outcome_kind::model_missing:
        // The caller's own doing. That somebody answered is all it says about the target.
        target.health.answered(with);
        return;
    case outcome_kind::client_gone: target.health.abandoned(with, now); return;
    }
}

target_state& state_registry::target(std::string_view account, std::string_view upstream_model) {
    const std::lock_guard lock{guard_};
    auto& slot = targets_[{std::string{account}, std::string{upstream_model}}];
    if (!slot) slot = std::make_unique<target_state>();
    return *slot;
}

account_state& state_registry::account(std::string_view account) {
    const std::lock_guard lock{guard_};
    auto& slot = accounts_[std::string{account}];
    if (!slot) slot = std::make_unique<account_state>();
    return *slot;
}

}  // namespace spillway::routing
