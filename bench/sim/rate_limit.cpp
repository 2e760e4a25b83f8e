#include "bench/sim/rate_limit.hpp"

#include "bench/base/duration_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace spillway::bench::sim {
namespace {

std::string print_bucket(const bucket& limit, std::string_view kind) {
    if (!limit.is_limited()) return {};
    return fmt::format(
        "x-ratelimit-limit-{0}: {1}\r\nx-ratelimit-remaining-{0}: {2}\r\nx-ratelimit-reset-{0}: "
        "{3}\r\n",
        kind,
        static_cast<long long>(limit.capacity()),
        static_cast<long long>(std::max(0.0, limit.level())),
        print_duration(limit.until(limit.capacity()))
    );
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
    std::chrono::nanoseconds pause{0};
    if (tokens_.is_limited() && tokens_.level() < tokens) {
        verdict.allowed = false;
        verdict.refused_kind = "tokens";
        pause = tokens_.until(tokens);
    } else if (!requests_.take(1, now)) {
        verdict.allowed = false;
        verdict.refused_kind = "requests";
        pause = requests_.until(1);
    } else {
        tokens_.take(tokens, now);
    }
    verdict.fields = print_bucket(requests_, "requests") + print_bucket(tokens_, "tokens");
    if (!verdict.allowed) {
        verdict.fields += fmt::format(
            "retry-after: {}\r\nretry-after-ms: {}\r\n",
            std::chrono::ceil<std::chrono::seconds>(pause).count(),
            std::chrono::ceil<std::chrono::milliseconds>(pause).count()
        );
    }
    return verdict;
}

}  // namespace spillway::bench::sim
