#include "routing/failover.hpp"

#include <algorithm>

namespace spillway::routing {

failover::failover(
    const plan& candidates,
    const failover_limits& limits,
    retry_budget& budget,
    std::uint64_t random
) noexcept
    : plan_{candidates}
    , limits_{limits}
    , budget_{budget}
    , random_{random}
    , in_request_{budget.enter_request()}
    , patience_{limits.longest_wait} {}

step failover::first(time_point now) noexcept {
    return choose(now);
}

step failover::resume(time_point now) noexcept {
    return choose(now);
}

step failover::next(const outcome& ended, time_point now) noexcept {
    last_ = ended;
    if (was_stale(ended) && last_connection_ == connection_choice::any &&
        ended.to_client == relayed::nothing && now < limits_.deadline) {
        return go(connection_choice::fresh);
    }
    in_retry_.leave();
    if (ended.kind == outcome_kind::answered || ended.kind == outcome_kind::completed) {
        return {.what = action::accept, .with = with_, .target = &plan_[current_]};
    }
    in_account_.leave();
    in_target_.leave();
    if (ended.kind == outcome_kind::client_gone) return give_up(stop_reason::client_left);
    if (ended.to_client == relayed::begun) return give_up(stop_reason::already_begun);
    return after_failure(ended.kind, now);
}

step failover::after_failure(outcome_kind kind, time_point now) noexcept {
    switch (kind) {
    case outcome_kind::resolve_failed:
    case outcome_kind::connect_failed:
    case outcome_kind::tls_failed:
    case outcome_kind::first_byte_timeout:
    case outcome_kind::closed_early:
    case outcome_kind::bad_answer:
    case outcome_kind::server_fault:
    case outcome_kind::cut: retry_is_ = payment::from_budget; return choose(now);
    case outcome_kind::rate_limited:
    case outcome_kind::overloaded:
    case outcome_kind::key_refused:
    case outcome_kind::quota_spent:
        // Spilling over, not retrying: the place that refused is rested by its refusal, so this cannot multiply.
        retry_is_ = payment::free;
        return choose(now);
    case outcome_kind::context_too_long:
    case outcome_kind::content_refused:
    case outcome_kind::model_missing:
        first_model_ = plan_[current_].chain_position + 1;
        if (!is_reachable_left()) return give_up(stop_reason::final_answer);
        retry_is_ = payment::free;
        return choose(now);
    case outcome_kind::caller_fault: return give_up(stop_reason::final_answer);
    case outcome_kind::answered:
    case outcome_kind::completed:
    case outcome_kind::client_gone: break;  // handled by next()
    }
    return give_up(stop_reason::final_answer);
}

step failover::choose(time_point now) noexcept {
    if (attempts_ >= limits_.max_attempts) return give_up(stop_reason::attempts_spent);
    if (now >= limits_.deadline) return give_up(stop_reason::deadline_passed);
    if (attempts_ > 0 && retry_is_ == payment::from_budget) {
        if (!is_there_hope(now)) return give_up(stop_reason::no_target_left);
        in_retry_ = budget_.try_retry();
        if (!in_retry_) return wait_for_budget(now);
    }
    if (find(search::good, 0, now) || find(search::anybody, roll() % plan_.size(), now)) {
        tried_.set(current_);
        ++attempts_;
        return go(connection_choice::any);
    }
    in_retry_.leave();
    const bool was_full = std::ranges::any_of(plan_.candidates(), [](const candidate& who) {
        return who.at->state->in_flight.is_full(who.at->concurrency_limit);
    });
    return give_up(attempts_ == 0 && was_full ? stop_reason::no_room : stop_reason::no_target_left);
}

// Goes round once from `start`. On success `current_` and `with_` are set and the gates entered. When only the
// ejected are left the start is drawn: a dead target that happens to be first must not hide one that recovered.
bool failover::find(search how, std::size_t start, time_point now) noexcept {
    for (std::size_t n = 0; n < plan_.size(); ++n) {
        const auto i = (start + n) % plan_.size();
        if (is_reachable(i) && try_enter(i, how, now)) return true;
    }
    return false;
}

bool failover::try_enter(std::size_t i, search how, time_point now) noexcept {
    const auto& who = plan_[i];
    auto place = who.at->state->in_flight.try_enter(who.at->concurrency_limit);
    if (!place) return false;
    const auto with = permit_for(who, how, now);  // last: it may claim the trial
    if (!with) return false;
    current_ = i;
    with_ = *with;
    in_account_ = std::move(place);
    in_target_ = who.state->in_flight.try_enter(0);
    return true;
}

std::optional<permit>
failover::permit_for(const candidate& who, search how, time_point now) const noexcept {
    if (who.state->rate_rest.is_resting(now)) return std::nullopt;
    if (how == search::good && who.at->state->key_rest.is_resting(now)) return std::nullopt;
    switch (who.state->health.look(now).is) {
    case standing::closed: return permit::normal;
    case standing::half_open:
        if (who.state->health.try_trial(now)) return permit::trial;
        [[fallthrough]];
    case standing::open:
        // The ejected are asked rather than nobody, but never as a retry: in a total outage that would
        // multiply every request.
        if (how == search::anybody && attempts_ == 0) return permit::least_bad;
    }
    return std::nullopt;
}

bool failover::is_reachable(std::size_t i) const noexcept {
    return !tried_.test(i) && plan_[i].chain_position >= first_model_;
}

bool failover::is_reachable_left() const noexcept {
    for (std::size_t i = 0; i < plan_.size(); ++i) {
        if (is_reachable(i)) return true;
    }
    return false;
}

// Is waiting for the budget worth while? The same questions as permit_for() for a retry, but nothing is claimed.
bool failover::is_there_hope(time_point now) const noexcept {
    for (std::size_t i = 0; i < plan_.size(); ++i) {
        if (!is_reachable(i) || plan_[i].state->rate_rest.is_resting(now)) continue;
        if (plan_[i].state->health.look(now).is != standing::open) return true;
    }
    return false;
}

step failover::go(connection_choice over) noexcept {
    last_connection_ = over;
    return {
        .what = action::try_target,
        .with = with_,
        .connection = over,
        .target = &plan_[current_],
        .until = limits_.deadline,
    };
}

step failover::wait_for_budget(time_point now) noexcept {
    if (patience_ <= milliseconds{0}) return give_up(stop_reason::retries_spent);
    constexpr std::uint64_t least =
        5;  // jittered, so that those who wait do not come back together
    constexpr std::uint64_t spread = 21;
    const auto pause = std::min(patience_, milliseconds{least + roll() % spread});
    patience_ -= pause;
    return {.what = action::wait, .until = std::min(now + pause, limits_.deadline)};
}

step failover::give_up(stop_reason why) noexcept {
    return {.what = action::give_up, .why = why};
}

std::optional<milliseconds> failover::smallest_rest(time_point now) const noexcept {
    auto least = milliseconds::max();
    for (const auto& who : plan_.candidates()) {
        const auto rest = who.state->rate_rest.remaining(now);
        if (rest == milliseconds{0}) return std::nullopt;
        least = std::min(least, rest);
    }
    return least;
}

std::uint64_t failover::roll() noexcept {
    random_ ^= random_ << 13;  // xorshift64; a seed of 0 would stay 0, which only loses the jitter
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
}

std::string_view name_of(stop_reason why) noexcept {
    switch (why) {
    case stop_reason::none: return "none";
    case stop_reason::final_answer: return "final_answer";
    case stop_reason::no_target_left: return "no_target_left";
    case stop_reason::attempts_spent: return "attempts_spent";
    case stop_reason::deadline_passed: return "deadline_passed";
    case stop_reason::retries_spent: return "retries_spent";
    case stop_reason::already_begun: return "already_begun";
    case stop_reason::client_left: return "client_left";
    case stop_reason::no_room: return "no_room";
    }
    return "unknown";
}

}  // namespace spillway::routing
