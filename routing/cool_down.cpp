#include "routing/cool_down.hpp"

#include <algorithm>

namespace spillway::routing {

milliseconds bounded_rest(std::optional<milliseconds> stated, const rest_policy& policy) noexcept {
    if (!stated || *stated < milliseconds{0}) return policy.usual;
    return std::clamp(*stated, policy.shortest, policy.longest);
}

void cool_down::rest(
    std::optional<milliseconds> stated, time_point now, const rest_policy& policy
) noexcept {
    const auto until = (now + bounded_rest(stated, policy)).time_since_epoch().count();
    auto seen = until_.load(std::memory_order_relaxed);
    while (seen < until && !until_.compare_exchange_weak(seen, until, std::memory_order_relaxed)) {
    }
}

milliseconds cool_down::remaining(time_point now) const noexcept {
    const time_point until{time_point::duration{until_.load(std::memory_order_relaxed)}};
    if (until <= now) return milliseconds{0};
    return std::chrono::ceil<milliseconds>(until - now);
}

}  // namespace spillway::routing
