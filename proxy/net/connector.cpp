#include "proxy/net/connector.hpp"

#include "proxy/net/connect_race.hpp"

#include <algorithm>
#include <cerrno>

namespace spillway::net {

namespace {

failure explain(int error) noexcept {
    const boost::system::error_code cause{error, boost::system::system_category()};
    switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case ENOSPC:
        return {fault::exhausted, side::internal, again::never, "no room for a socket", cause};
    case EADDRNOTAVAIL:
        return {fault::exhausted, side::internal, again::other_target, "no free local port", cause};
    case ETIMEDOUT:
        return {fault::timeout_connect, side::upstream, again::other_target, "no answer", cause};
    case ECONNREFUSED:
        return {fault::refused, side::upstream, again::other_target, "connection refused", cause};
    default: return {fault::refused, side::upstream, again::other_target, "unreachable", cause};
    }
}

// RFC 8305 section 4: families take turns, the first one's order is the resolver's.
address_list interleave(const address_list& from) {
    address_list mixed;
    if (from.empty()) return mixed;
    const address::family first = from[0].which();
    std::size_t same = 0;
    std::size_t other = 0;
    while (mixed.size() < from.size()) {
        while (same < from.size() && from[same].which() != first)
            ++same;
        if (same < from.size()) mixed.add(from[same++]);
        while (other < from.size() && from[other].which() == first)
            ++other;
        if (other < from.size()) mixed.add(from[other++]);
    }
    return mixed;
}

}  // namespace

connector::connector(loop& on, timer_wheel& wheel, std::uint64_t seed)
    : loop_{on}
    , wheel_{wheel}
    , blocker_{seed} {}

address_list connector::plan(const address_list& to) const {
    const address_list mixed = interleave(to);
    const base::time_point now = wheel_.now();
    std::array<address, address_list::capacity> order;
    const auto end = std::copy(mixed.begin(), mixed.end(), order.begin());
    std::stable_sort(order.begin(), end, [&](const address& a, const address& b) {
        return blocker_.blocked_until(a, now) < blocker_.blocked_until(b, now);
    });
    address_list planned;
    std::for_each(order.begin(), end, [&](const address& one) { planned.add(one); });
    return planned;
}

void connector::remember(const connect_race& race, const address_list& order) {
    const base::time_point now = wheel_.now();
    for (const address& at : order) {
        switch (race.outcome_of(at)) {
        case connect_race::outcome::connected: blocker_.connected(at); break;
        case connect_race::outcome::failed:
        case connect_race::outcome::overtaken: blocker_.failed(at, now); break;
        case connect_race::outcome::under_way:
        case connect_race::outcome::not_tried: break;
        }
    }
}

task<result<stream>>
connector::connect(const address_list& to, activity& self, base::time_point deadline) {
    self.until(deadline);
    const address_list order = plan(to);
    connect_race race{loop_, wheel_, order, head_start};
    race.start();
    wake why = wake::ready;
    if (!race.is_decided()) why = co_await self.wait_for(race);
    if (why == wake::timeout) race.give_up();
    remember(race, order);
    if (why == wake::timeout) {
        co_return failure{
            fault::timeout_connect, side::upstream, again::other_target, "no connection in time"};
    }
    if (why != wake::ready)
        co_return failure{fault::cancelled, side::client, again::never, "given up"};
    descriptor won = race.take_winner();
    if (!won) co_return explain(race.last_error());
    co_return stream{std::move(won), side::upstream};
}

}  // namespace spillway::net
