#include "proxy/net/connect_blocker.hpp"

#include <algorithm>

namespace spillway::net {

namespace {

constexpr std::chrono::milliseconds shortest{250};
constexpr std::chrono::seconds longest{30};
constexpr std::chrono::minutes remembered{5};  // after that a failure counts as the first again
constexpr std::size_t enough = 256;

}  // namespace

connect_blocker::connect_blocker(std::uint64_t seed)
    : random_{static_cast<std::minstd_rand::result_type>(seed | 1)} {}

void connect_blocker::failed(const address& at, base::time_point now) {
    if (blocks_.size() >= enough) forget_old(now);
    const auto found = blocks_.find(at);
    base::duration length = shortest;
    if (found != blocks_.end() && found->second.until + remembered > now)
        length = std::min<base::duration>(found->second.length * 2, longest);
    std::uniform_int_distribution<base::duration::rep> off{0, length.count() / 2};
    blocks_.insert_or_assign(at, block{now + length - base::duration{off(random_)}, length});
}

base::time_point
connect_blocker::blocked_until(const address& at, base::time_point now) const noexcept {
    const auto found = blocks_.find(at);
    if (found == blocks_.end() || found->second.until <= now) return base::time_point::min();
    return found->second.until;
}

void connect_blocker::forget_old(base::time_point now) {
    std::erase_if(blocks_, [now](const auto& one) { return one.second.until <= now; });
}

}  // namespace spillway::net
