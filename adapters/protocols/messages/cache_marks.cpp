#include "adapters/protocols/messages/cache_marks.hpp"

#include <algorithm>

namespace spillway::adapters::messages {

using canonical::cache_mark;

namespace {

constexpr std::size_t most_marks = 4;

}  // namespace

cache_marks::cache_marks(const wanted_marks& wanted) noexcept {
    const std::size_t left = most_marks - std::min(wanted.on_request, most_marks);
    const std::size_t in_front = std::min(wanted.in_front, left);
    const std::size_t on_messages = std::min(wanted.on_messages, left - in_front);
    skip_front_ = wanted.in_front - in_front;
    skip_messages_ = wanted.on_messages - on_messages;
    all_stay_ = skip_front_ + skip_messages_ == 0;
}

void cache_marks::put(json::writer& out, cache_mark mark, std::size_t& skip) {
    if (mark == cache_mark::none) return;
    if (skip > 0) {
        --skip;
        return;
    }
    if (has_short_one_) mark = cache_mark::five_minutes;
    has_short_one_ = mark == cache_mark::five_minutes;
    out.name("cache_control").raw(control_of(mark));
}

std::string_view control_of(cache_mark mark) noexcept {
    return mark == cache_mark::one_hour ? R"({"type":"ephemeral","ttl":"1h"})"
                                        : R"({"type":"ephemeral"})";
}

}  // namespace spillway::adapters::messages
