// What the simulator knows of each key: its counters and its rate-limit buckets. Shared by all threads.
// Accounts are never removed, so a reference stays good.
#pragma once

#include "bench/sim/rate_limit.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

// First sixteen hex digits of the key's SHA-256: names a key in logs without showing it.
std::string hash_key(std::string_view key);

struct account {
    account(std::string_view key, double requests_per_minute, double tokens_per_minute);

    const std::string key_hash;
    // Plain counters, relaxed: read for statistics only.
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> prompt_tokens{0};
    std::atomic<std::uint64_t> completion_tokens{0};

    limit_verdict admit(double tokens, time_point now);

private:
    std::mutex mutex_;
    rate_limit limit_;
};

class accounts {
public:
    accounts(double requests_per_minute, double tokens_per_minute)
        : requests_per_minute_(requests_per_minute)
        , tokens_per_minute_(tokens_per_minute) {}

    account& of(std::string_view key);
    bool has_limits() const { return requests_per_minute_ > 0 || tokens_per_minute_ > 0; }

    template <typename Visitor>
    void visit(Visitor&& visitor) const {
        const std::lock_guard lock{mutex_};
        for (const auto& [key, one] : map_)
            visitor(one);
    }

private:
    const double requests_per_minute_;
    const double tokens_per_minute_;
    mutable std::mutex mutex_;
    std::map<std::string, account, std::less<>> map_;
};

}  // namespace spillway::bench::sim
