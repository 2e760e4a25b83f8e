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
    const auto keep = [&](std::string_view data) {
        char* const from = octets.data() + (data.data() - octets.data());
        if (begin == nullptr) begin = end = from;
        if (end != from) std::memmove(end, from, data.size());
        end += data.size();
    };
    for (;;) {
        const std::string_view plain = chunks_.take_plain_chunk(input);
        if (!plain.empty()) {
            keep(plain);
            if (input.empty()) return {begin, static_cast<std::size_t>(end - begin)};
            continue;
        }
        const wire::chunk_step step = chunks_.decode(input);
        if (step.event == wire::chunk_event::data) {
            keep(step.text);
            continue;
        }
        if (step.event == wire::chunk_event::refused) state_ = state::broken;
        if (step.event == wire::chunk_event::done) state_ = state::whole;
        break;
    }
    surplus_ = state_ == state::whole && !input.empty();
    return {begin, static_cast<std::size_t>(end - begin)};
}

void body_reader::end_of_stream(stream_end how) noexcept {
    if (state_ != state::open) return;
    const bool ends_it = kind_ == wire::body_kind::until_close && how == stream_end::orderly;
    state_ = ends_it ? state::whole : state::broken;
}

body_step read_body(connection& from, body_reader& body, std::span<char> scratch) {
    using state = net::io_step::state;
    const net::io_step step = from.stream.try_read(scratch);
    if (step.what == state::moved) return {body.take(scratch.first(step.octets))};
    if (step.what == state::wants_read || step.what == state::wants_write) return {{}, true, step};
    body.end_of_stream(step.what == state::closed ? stream_end::orderly : stream_end::broken);
    return {};
}

}  // namespace spillway::upstream
