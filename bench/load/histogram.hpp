// Durations counted in log-linear buckets: 1 % resolution from nanoseconds to minutes, constant memory, no
// allocation after construction. Recording is a few instructions; one thread each, merged at the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace spillway::bench::load {

class histogram {
public:
    histogram();

    void record(std::chrono::nanoseconds value);
    void merge(const histogram& other);

    std::uint64_t count() const { return count_; }

    // `share` in 0..1; zero when nothing was recorded.
    std::chrono::nanoseconds quantile(double share) const;
    std::chrono::nanoseconds largest() const { return std::chrono::nanoseconds{largest_}; }

private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::int64_t largest_ = 0;
};

}  // namespace spillway::bench::load
