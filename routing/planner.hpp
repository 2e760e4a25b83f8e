// Facts + table + state → ordered candidates, or the step that left nobody. A pure function but for the atomics
// it reads; claims nothing. No allocation when it succeeds. Runs on the worker's thread under a pin of the table.
#pragma once

#include "routing/access/key_ring.hpp"
#include "routing/facts.hpp"
#include "routing/inline_vector.hpp"
#include "routing/refusal.hpp"
#include "routing/table.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace spillway::routing {

// One way to serve the request. All pointers live as long as the pin; the views also as long as the request.
struct candidate {
    const endpoint* target;           // its id, price and limits
    const account* at;                // whose key, which provider
    target_state* state;              // never null
    std::string_view upstream_model;  // what to ask for
    std::string_view model;           // the public slug, for the answer and the ledger
    std::uint32_t chain_position;     // which model of the fallback chain
};

// Candidates in the order in which they should be tried: those that are ready first, model by model; behind them
// those at their concurrency limit, then the ejected (soonest back first), then the resting.
class plan {
public:
    static constexpr std::size_t capacity = 16;

    std::span<const candidate> candidates() const noexcept { return slots_.all(); }
    std::size_t size() const noexcept { return slots_.size(); }
    const candidate& operator[](std::size_t i) const noexcept { return slots_[i]; }
    bool is_full() const noexcept { return slots_.is_full(); }
    void push(const candidate& one) noexcept { slots_.push(one); }  // REQUIRES: !is_full()

private:
    inline_vector<candidate, capacity> slots_;
};

// `random` decides draws among equals; the same number gives the same plan.
result<plan> make_plan(
    const table& routes,
    const request_facts& asked,
    const client_key& who,
    time_point now,
    std::uint64_t random
);

}  // namespace spillway::routing
