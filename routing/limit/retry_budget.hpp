// The process-wide bound on retries: at any moment at most max(3, 20 %) of the active requests may be in a
// second or later attempt. Shared by all workers, atomics only. Relaxed order: the counts guard no other data.
// Tolerated race: `active` may change between its load and the exchange on `retrying`; the bound then holds for
// the number of active requests at one moment during the call, which is all it means.
#pragma once

#include "routing/limit/gate.hpp"

#include <algorithm>
#include <cstdint>

namespace spillway::routing {

class retry_budget {
public:
    static constexpr std::uint32_t least = 3;

    explicit retry_budget(std::uint32_t percent = 20) noexcept : percent_{percent} {}

    // Held by every request from its first attempt to its end.
    gate::pass enter_request() noexcept { return active_.try_enter(0); }
    // Held by a retry until its outcome is known; empty when the budget is spent.
    gate::pass try_retry() noexcept { return retrying_.try_enter(allowed()); }

    std::uint32_t active() const noexcept { return active_.inside(); }
    std::uint32_t retrying() const noexcept { return retrying_.inside(); }
    std::uint32_t allowed() const noexcept {
        const auto share = static_cast<std::uint64_t>(active()) * percent_ / 100;
        return static_cast<std::uint32_t>(std::max<std::uint64_t>(least, share));
    }

private:
    std::uint32_t percent_;
    alignas(64) gate active_;
    alignas(64) gate retrying_;
};

}  // namespace spillway::routing
