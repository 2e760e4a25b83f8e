// What now? A machine without I/O for the attempts of one request: it is told how an attempt ended and says what
// to do next. Owned by the request, used on its worker's thread; holds the request's places in the gates of the
// account and target being tried and in the retry budget, and gives them back when destroyed.
// Invariants: at most `max_attempts` attempts; nothing is tried again once an octet went to the client.
#pragma once

#include "routing/facts.hpp"
#include "routing/limit/retry_budget.hpp"
#include "routing/planner.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace spillway::routing {

enum class action : std::uint8_t {
    try_target,  // send to `step::target`, over `step::connection`
    wait,  // the retry budget is spent for the moment: wait until `step::until`, then ask resume()
    accept,   // relay this answer
    give_up,  // tell the client; `step::why` says why no more is tried
};

enum class connection_choice : std::uint8_t { any, fresh };

enum class stop_reason : std::uint8_t {
    none,            // not a give_up
    final_answer,    // the outcome would be the same everywhere, or is the caller's own
    no_target_left,  // all were tried, are ejected or rest
    attempts_spent,
    deadline_passed,
    retries_spent,  // the process-wide budget had no room for too long
    already_begun,  // octets went to the client
    client_left,
    no_room,  // nobody was tried: all are at their concurrency limit
};

struct step {
    action what;
    stop_reason why = stop_reason::none;
    permit with = permit::normal;  // to be told to record()
    connection_choice connection = connection_choice::any;
    const candidate* target = nullptr;  // lives in the machine's plan
    time_point until{};                 // for wait: when; for try_target: the request's deadline
};

struct failover_limits {
    std::uint32_t max_attempts = 3;
    time_point deadline = time_point::max();
    milliseconds longest_wait{std::chrono::seconds{10}};  // for room in the retry budget, in all
};

class failover {
public:
    // REQUIRES: `candidates` and `budget` outlive the machine; the plan is not empty.
    failover(
        const plan& candidates,
        const failover_limits& limits,
        retry_budget& budget,
        std::uint64_t random
    ) noexcept;
    failover(const failover&) = delete;
    failover& operator=(const failover&) = delete;

    step first(time_point now) noexcept;
    step next(const outcome& ended, time_point now) noexcept;  // after try_target
    step resume(time_point now) noexcept;                      // after wait

    // Attempts that may have reached an upstream; one over a stale connection is not counted.
    // The places held for the accepted attempt, for whoever relays its answer; the machine has none afterwards.
    struct places {
        gate::pass request;
        gate::pass account;
        gate::pass target;
    };
    places take_places() noexcept {
        return {std::move(in_request_), std::move(in_account_), std::move(in_target_)};
    }

    std::uint32_t attempts() const noexcept { return attempts_; }
    const std::optional<outcome>& last_outcome() const noexcept { return last_; }
    // The smallest remaining rest among the candidates; nothing when one of them does not rest.
    std::optional<milliseconds> smallest_rest(time_point now) const noexcept;

private:
    enum class payment : std::uint8_t { from_budget, free };
    enum class search : std::uint8_t { good, anybody };

    step choose(time_point now) noexcept;
    step after_failure(outcome_kind kind, time_point now) noexcept;
    step go(connection_choice over) noexcept;
    step wait_for_budget(time_point now) noexcept;
    static step give_up(stop_reason why) noexcept;

    bool find(search how, std::size_t start, time_point now) noexcept;
    bool try_enter(std::size_t i, search how, time_point now) noexcept;
    std::optional<permit>
    permit_for(const candidate& who, search how, time_point now) const noexcept;
    bool is_reachable(std::size_t i) const noexcept;
    bool is_reachable_left() const noexcept;
    bool is_there_hope(time_point now) const noexcept;
    std::uint64_t roll() noexcept;

    const plan& plan_;
    failover_limits limits_;
    retry_budget& budget_;
    std::uint64_t random_;
    gate::pass in_request_;
    gate::pass in_retry_;
    gate::pass in_account_;
    gate::pass in_target_;
    std::bitset<plan::capacity> tried_;
    std::optional<outcome> last_;
    milliseconds patience_;  // what is left of `longest_wait`
    std::size_t current_ = 0;
    std::uint32_t attempts_ = 0;
    std::uint32_t first_model_ = 0;  // of the chain, that may still be tried
    permit with_ = permit::normal;
    payment retry_is_ = payment::from_budget;
    connection_choice last_connection_ = connection_choice::any;
};

std::string_view name_of(stop_reason why) noexcept;

}  // namespace spillway::routing
