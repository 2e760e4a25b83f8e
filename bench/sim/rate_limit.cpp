#include "bench/sim/rate_limit.hpp"

#include <algorithm>

namespace spillway::bench::sim {
namespace {

bucket_state state_of(const bucket& limit) {
    bucket_state state;
    state.is_limited = limit.is_limited();
    state.limit = static_cast<long long>(limit.capacity());
    state.remaining = static_cast<long long>(std::max(0.0, limit.level()));
    state.reset = limit.until(limit.capacity());
    return state;
}

}  // namespace

void bucket::refill(time_point now) {
    if (filled_at_ != time_point{}) {
        const std::chrono::duration<double> passed = now - filled_at_;
        level_ = std::min(capacity_, level_ + capacity_ / 60 * passed.count());
    }
    filled_at_ = now;
}

bool bucket::take(double cost, time_point now) {
    if (!is_limited()) return true;
    refill(now);
    if (level_ < cost) return false;
    level_ -= cost;
    return true;
}

std::chrono::nanoseconds bucket::until(double wanted) const {
    if (level_ >= wanted || !is_limited()) return std::chrono::nanoseconds{0};
    return std::chrono::nanoseconds{static_cast<long long>((wanted - level_) / capacity_ * 60e9)};
}

limit_verdict rate_limit::admit(double tokens, time_point now) {
    limit_verdict verdict;
    tokens_.refill(now);
    if (tokens_.is_limited() && tokens_.level() < tokens) {
        verdict.allowed = false;
        verdict.refused_kind = "tokens";
        verdict.pause = tokens_.until(tokens);
    } else if (!requests_.take(1, now)) {
        verdict.allowed = false;
        verdict.refused_kind = "requests";
        verdict.pause = requests_.until(1);
    } else {
        tokens_.take(tokens, now);
    }
    verdict.requests = state_of(requests_);
    verdict.tokens = state_of(tokens_);
    return verdict;
}

}  // namespace spillway::bench::sim
