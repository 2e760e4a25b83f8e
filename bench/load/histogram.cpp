#include "bench/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spillway::bench::load {
namespace {

// 2^7 buckets an octave: a bucket is at most 1/128 of its value wide.
constexpr unsigned sub_bits = 7;
constexpr std::uint64_t sub_count = 1U << sub_bits;
constexpr unsigned octaves = 42;  // up to 2^48 ns, three days

std::size_t bucket_of(std::uint64_t value) {
    if (value < sub_count) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - sub_bits - 1;
    const auto at = (shift + 1) * sub_count + ((value >> shift) - sub_count);
    return std::min<std::size_t>(at, octaves * sub_count - 1);
}

std::uint64_t middle_of(std::size_t bucket) {
    if (bucket < sub_count) return bucket;
    const auto shift = bucket / sub_count - 1;
    const auto low = (bucket % sub_count + sub_count) << shift;
    return low + ((1ULL << shift) >> 1U);
}

}  // namespace

histogram::histogram() : buckets_(octaves * sub_count) {}

void histogram::record(std::chrono::nanoseconds value) {
    const auto clipped = std::max<std::int64_t>(0, value.count());
    ++buckets_[bucket_of(static_cast<std::uint64_t>(clipped))];
    ++count_;
    largest_ = std::max(largest_, clipped);
}

void histogram::merge(const histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i)
        buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    largest_ = std::max(largest_, other.largest_);
}

std::chrono::nanoseconds histogram::quantile(double share) const {
    if (count_ == 0) return std::chrono::nanoseconds{0};
    const auto rank = std::max(1.0, std::ceil(share * static_cast<double>(count_)));
    double seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        seen += static_cast<double>(buckets_[i]);
        if (seen < rank) continue;
        const auto value = static_cast<std::int64_t>(middle_of(i));
        return std::chrono::nanoseconds{std::min(value, largest_)};
    }
    return largest();
}

}  // namespace spillway::bench::load
