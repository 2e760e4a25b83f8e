#include "proxy/upstream/body_reader.hpp"

#include <algorithm>
#include <cstring>

namespace spillway::upstream {

body_reader::body_reader(const wire::body_framing& framing) noexcept
    : kind_{framing.kind}
    , left_{framing.length} {
    if (kind_ == wire::body_kind::none || (kind_ == wire::body_kind::length && left_ == 0))
        state_ = state::whole;
}

std::string_view body_reader::take(std::span<char> octets) noexcept {
    if (octets.empty()) return {};
    if (state_ != state::open) {
        surplus_ = true;
        return {};
    }
    if (kind_ == wire::body_kind::chunked) return take_chunked(octets);
    if (kind_ == wire::body_kind::until_close) return {octets.data(), octets.size()};
    const std::size_t mine =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, octets.size()));
    left_ -= mine;
    if (left_ == 0) state_ = state::whole;
    surplus_ = mine < octets.size();
    return {octets.data(), mine};
}

std::string_view body_reader::take_chunked(std::span<char> octets) noexcept {
    std::string_view input{octets.data(), octets.size()};
    char* begin = nullptr;
    char* end = nullptr;
    for (;;) {
        const wire::chunk_step step = chunks_.decode(input);
        if (step.event == wire::chunk_event::data) {
            char* const from = octets.data() + (step.text.data() - octets.data());
            if (begin == nullptr) begin = end = from;
            if (end != from) std::memmove(end, from, step.text.size());
            end += step.text.size();
            continue;
        }
        if (step.event == wire::chunk_event::refused) state_ = state::broken;
        if (step.event == wire::chunk_event::done) state_ = state::whole;
        break;
    }
    surplus_ = state_ == state::whole && !input.empty();
    return {begin, static_cast<std::size_t>(end - begin)};
}

void body_reader::end_of_stream() noexcept {
    if (state_ != state::open) return;
    state_ = kind_ == wire::body_kind::until_close ? state::whole : state::broken;
}

}  // namespace spillway::upstream
