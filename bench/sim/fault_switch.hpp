// The fault in force for everybody: set by --fault, changed while running by POST /sim/fault. Shared by all
// threads; a lock-free look tells the usual case that there is none.
#pragma once

#include "bench/sim/fault.hpp"

#include <atomic>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

// `name[=arg][,times=N][,every=K][,model=NAME]`
struct fault_rule {
    fault what;
    std::uint64_t times = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t every = 1;
    std::string model;  // empty: all
};

std::optional<fault_rule> parse_fault_rule(std::string_view text);

class fault_switch {
public:
    // "" and "none" switch off. False when the text is no rule.
    bool set(std::string_view text);

    // Counts a request for `model` and says which fault it suffers.
    std::optional<fault> pick(std::string_view model);

    // The same for faults that act before the body is read and so before the model is known.
    std::optional<fault> pick_early();

    std::string describe() const;
    bool is_active() const { return active_.load(std::memory_order_relaxed); }

private:
    std::optional<fault> pick_locked();

    mutable std::mutex mutex_;
    std::atomic<bool> active_{
        false};  // relaxed: a request that sees a change late is an earlier request
    std::optional<fault_rule> rule_;
    std::uint64_t seen_ = 0;
    std::uint64_t used_ = 0;
};

}  // namespace spillway::bench::sim
