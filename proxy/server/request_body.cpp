#include "proxy/server/request_body.hpp"

#include <algorithm>

namespace spillway::server {

namespace {

// A length that is only claimed costs nothing: the room grows to a third of it when a ninth has come, to all of it
// when a third has come, and so on down to the first room. So a large body is never there twice.
constexpr std::size_t first_room = 64 * 1024;
constexpr std::size_t growth = 3;

// The least a client must send within a window (R-C3): 1 KiB/s.
constexpr std::chrono::seconds pace_window{30};
constexpr std::size_t pace_octets = 30 * 1024;

}  // namespace

request_body::request_body(
    const wire::body_framing& framing, std::size_t limit, base::memory_gate& memory
) noexcept
    : kind_{framing.kind}
    , left_{framing.length}
    , chunks_{limit}
    , memory_{memory} {
    if (kind_ == wire::body_kind::none || (kind_ == wire::body_kind::length && left_ == 0))
        state_ = state::whole;
}

request_body::state request_body::refuse(unsigned status, const failure& why) noexcept {
    status_ = status;
    refusal_ = why;
    return state_ = state::refused;
}

// The memory gate is asked for the whole body at once when its length is known; the
// promise lasts as long as the buffer holds octets.
bool request_body::make_room(flow::request_buffer& into, std::size_t more) {
    const std::size_t needed = into.size() + more;
    if (memory_.is_bounded() && into.promised.octets() < needed) {
        const std::size_t known = kind_ == wire::body_kind::length
                                      ? static_cast<std::size_t>(left_) + into.size()
                                      : needed * 2;
        into.promised.release();
        into.promised = memory_.try_take(std::max(known, needed));
        if (!into.promised) return false;
    }
    if (needed <= into.capacity()) return true;
    const std::size_t total =
        kind_ == wire::body_kind::length ? into.size() + static_cast<std::size_t>(left_) : needed;
    std::size_t room = std::max(total, needed);
    while (room > first_room && room / growth >= needed)
        room /= growth;
    into.reserve(room);
    return true;
}

request_body::state request_body::take(std::string_view& octets, flow::request_buffer& into) {
    constexpr std::string_view no_memory = "out of memory for request bodies";
    while (state_ == state::open && !octets.empty()) {
        if (kind_ == wire::body_kind::length) {
            const std::size_t mine =
                static_cast<std::size_t>(std::min<std::uint64_t>(left_, octets.size()));
            if (!make_room(into, mine))
                return refuse(503, {fault::exhausted, side::internal, again::never, no_memory});
            into.append(octets.substr(0, mine));
            octets.remove_prefix(mine);
            left_ -= mine;
            if (left_ == 0) state_ = state::whole;
            continue;
        }
        const wire::chunk_step step = chunks_.decode(octets);
        if (step.event == wire::chunk_event::need_more) break;
        if (step.event == wire::chunk_event::done) {
            state_ = state::whole;
        } else if (step.event == wire::chunk_event::refused) {
            const fault what = step.status == 413 ? fault::too_large : fault::bad_framing;
            return refuse(step.status, {what, side::client, again::never, step.text});
        } else if (!make_room(into, step.text.size())) {
            return refuse(503, {fault::exhausted, side::internal, again::never, no_memory});
        } else {
            into.append(step.text);
        }
    }
    return state_;
}

net::task<result<>> request_body::read(
    net::stream& from,
    std::span<char> scratch,
    flow::request_buffer& into,
    std::string& surplus,
    net::activity& self
) {
    std::size_t in_window = 0;
    self.until(self.now() + pace_window);
    while (state_ == state::open) {
        const net::io_step step = from.try_read(scratch);
        using moved = net::io_step::state;
        if (step.what == moved::closed || step.what == moved::failed) {
            co_return failure{
                fault::closed,
                side::client,
                again::never,
                "the client closed in the middle of its request"};
        }
        if (step.what != moved::moved) {
            const net::wake why = co_await from.ready_for(step, self);
            if (why == net::wake::ready) continue;
            if (why != net::wake::timeout || in_window < pace_octets) {
                co_return from.broken(why, fault::timeout_read);
            }
            in_window = 0;
            self.until(self.now() + pace_window);
            continue;
        }
        in_window += step.octets;
        std::string_view octets{scratch.data(), step.octets};
        if (take(octets, into) == state::refused) co_return refusal_;
        surplus.append(octets);
    }
    co_return result<>{};
}

}  // namespace spillway::server
