// What changes by the microsecond and outlives tables: in flight, breaker, rests, averages. Owned by the
// registry, shared by all workers, atomics only, one group of cache lines each. Tables hold references; the
// same (account, upstream model) finds the same state after a reload.
#pragma once

#include "routing/cool_down.hpp"
#include "routing/ewma.hpp"
#include "routing/facts.hpp"
#include "routing/health.hpp"
#include "routing/limit/gate.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::routing {

struct alignas(64) target_state {
    gate in_flight;
    breaker health;
    cool_down rate_rest;  // after 429 and 529: hard, nobody is sent
    ewma first_byte;      // microseconds
};

struct alignas(64) account_state {
    // Models that no table names share these by hash of their upstream name, so that no request allocates
    // state. Two of them in one bucket share a breaker and a rest, which is harmless: both are at one account.
    static constexpr std::size_t unnamed_buckets = 32;

    gate in_flight;
    cool_down key_rest;  // after 401, 402, 403: soft, the account goes last
    std::array<target_state, unnamed_buckets> unnamed;

    target_state& state_of_unnamed(std::string_view upstream_model) noexcept;
};

// How long a refused or unpaid key is put last.
inline constexpr milliseconds key_rest_time = std::chrono::seconds{60};

// Tells the state how an attempt ended. Called once when the head is judged, and for an attempt that was
// answered once more when it ended (`completed`, `cut` or `client_gone`).
void record(
    target_state& target, account_state& account, permit with, const outcome& ended, time_point now
) noexcept;

// Finds or makes states by name while tables are built; off the request path, hence a mutex. Outlives every
// table. States are never dropped: their number is bounded by the names that were ever configured.
class state_registry {
public:
    target_state& target(std::string_view account, std::string_view upstream_model);
    account_state& account(std::string_view account);

private:
    std::mutex guard_;
    std::map<std::pair<std::string, std::string>, std::unique_ptr<target_state>> targets_;
    std::map<std::string, std::unique_ptr<account_state>, std::less<>> accounts_;
};

}  // namespace spillway::routing
