// Token buckets of one kind of limit for one key, as OpenAI keeps them: full at the start, refilled evenly;
// dialects report them in their own fields. Not thread-safe; accounts.hpp locks.
#pragma once

#include "bench/base/net.hpp"

#include <optional>
#include <string>

namespace spillway::bench::sim {

class bucket {
public:
    explicit bucket(double per_minute) : capacity_(per_minute), level_(per_minute) {}

    bool is_limited() const { return capacity_ > 0; }

    // Takes if it can. A cost above the capacity never fits.
    bool take(double cost, time_point now);
    void refill(time_point now);

    double capacity() const { return capacity_; }
    double level() const { return level_; }
    std::chrono::nanoseconds until(double wanted) const;

private:
    double capacity_;
    double level_;
    time_point filled_at_{};
};

// A bucket as a provider tells of it.
struct bucket_state {
    bool is_limited = false;
    long long limit = 0;
    long long remaining = 0;
    std::chrono::nanoseconds reset{0};  // until it is full
};

struct limit_verdict {
    bool allowed = true;
    bucket_state requests;
    bucket_state tokens;
    std::chrono::nanoseconds pause{0};  // until the request would be admitted
    std::string refused_kind;           // "requests" or "tokens"
};

class rate_limit {
public:
    rate_limit(double requests_per_minute, double tokens_per_minute)
        : requests_(requests_per_minute)
        , tokens_(tokens_per_minute) {}

    limit_verdict admit(double tokens, time_point now);

private:
    bucket requests_;
    bucket tokens_;
};

}  // namespace spillway::bench::sim
