#include "proxy/server/request_expansion.hpp"

#include <algorithm>
#include <utility>

namespace spillway::server {

namespace {

constexpr std::size_t least_room = 16 * 1024;

bool make_room(flow::request_buffer& plain, base::memory_gate& memory) {
    if (plain.size() < plain.capacity()) return true;
    const std::size_t wanted = std::max(least_room, plain.capacity() * 2);
    if (memory.is_bounded()) {
        plain.promised.release();
        plain.promised = memory.try_take(wanted);
        if (!plain.promised) return false;
    }
    plain.reserve(wanted);
    return true;
}

}  // namespace

expansion expand(
    flow::request_buffer& body,
    wire::content_coding coding,
    std::size_t limit,
    base::memory_gate& memory
) {
    using state = wire::content_decoder::state;
    const auto decoder = wire::make_content_decoder(coding);
    if (!decoder) return expansion::no_memory;
    flow::request_buffer plain;
    std::string_view coded = body.view().text();
    for (;;) {
        if (plain.size() > limit) return expansion::too_large;
        if (!make_room(plain, memory)) return expansion::no_memory;
        const auto [now, taken, made] = decoder->decode(coded, plain.room());
        plain.grow_by(made);
        coded.remove_prefix(taken);
        if (now == state::full) continue;
        if (now != state::ended || !coded.empty()) return expansion::broken;
        if (plain.size() > limit) return expansion::too_large;
        body.take_octets(std::move(plain));
        return expansion::done;
    }
}

}  // namespace spillway::server
