#include "proxy/upstream/pool.hpp"

#include <algorithm>
#include <array>

namespace spillway::upstream {

namespace {

// A parked connection must be silent. Where the last read left that open (TLS, odd sockets), one more read
// decides; it also takes what TLS sends between messages.
bool is_silent(net::stream& stream) {
    if (!stream.is_secure() && !stream.socket().reading().is_ready()) return true;
    std::array<char, 64> spill;
    return stream.try_read(spill).what == net::io_step::state::wants_read;
}

}  // namespace

std::unique_ptr<connection> pool::take(origin_id where) {
    const auto index = static_cast<std::size_t>(where);
    if (index >= groups_.size() || groups_[index].empty()) return nullptr;
    group& idle = groups_[index];
    std::unique_ptr<connection> warmest = std::move(idle.back());
    idle.pop_back();
    warmest->unpark(wheel_);
    return warmest;
}

void pool::give_back(std::unique_ptr<connection> idle) {
    const auto index = static_cast<std::size_t>(idle->where());
    if (index >= groups_.size()) groups_.resize(index + 1);
    const base::time_point now = wheel_.now();
    if (!is_silent(idle->stream)) return;
    if (may_park(limits_, idle->history(), groups_[index].size(), now) == parking::retire) return;
    idle->park(*this, now + limits_.idle, wheel_);
    groups_[index].push_back(std::move(idle));
}

void pool::drop(connection& dead) {
    group& idle = groups_[static_cast<std::size_t>(dead.where())];
    const auto at = std::ranges::find(idle, &dead, [](const auto& one) { return one.get(); });
    if (at != idle.end()) idle.erase(at);
}

void pool::clear() noexcept {
    groups_.clear();
}

std::size_t pool::parked() const noexcept {
    std::size_t sum = 0;
    for (const group& idle : groups_)
        sum += idle.size();
    return sum;
}

}  // namespace spillway::upstream
