#include "bench/sim/faulty_script.hpp"

#include "bench/sim/broken_head.hpp"
#include "bench/sim/dialects/dialect.hpp"
#include "bench/sim/gzip.hpp"
#include "bench/sim/script_parts.hpp"
#include "bench/sim/status_fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace spillway::bench::sim {
namespace {

using namespace std::chrono_literals;

// A script that hangs says nothing for ever; comments come for this long, then the stream stalls too.
constexpr int comment_count = 3600;

// Leaves the head and n events of a stream, the head and half of the body of a whole answer.
void keep_events(script& made, const reply& answer, std::size_t count) {
    if (answer.is_stream) {
        const auto events = std::min(count, answer.events.size());
        made.steps.resize(1 + events);
        return;
    }
    auto& bytes = made.steps.front().bytes;
    bytes.resize(bytes.size() - answer.body.size() + answer.body.size() / 2);
}

// Chunk framing that no reader may accept.
void spoil_chunk(script& made, const std::string& variant) {
    made.end = ending::close;
    std::string bytes = "zz\r\nnot a chunk size\r\n";
    if (variant == "huge") bytes = "ffffffffffffffffff\r\nx";
    if (variant == "no-crlf") bytes = "5\r\nabcdefgh\r\n0\r\n\r\n";
    if (variant == "cut-size") bytes = "1f";
    made.steps.push_back({bytes, 0ns});
}

void drip(script& made, std::chrono::nanoseconds interval, std::size_t keep_whole) {
    std::string bytes;
    for (const auto& one : made.steps)
        bytes += one.bytes;
    const auto first = made.steps.front().pause;
    made.steps.clear();
    if (keep_whole > 0) made.steps.push_back({bytes.substr(0, keep_whole), first});
    for (std::size_t i = keep_whole; i < bytes.size(); ++i) {
        made.steps.push_back({std::string(1, bytes[i]), i == 0 ? first : interval});
    }
}

void interim(script& made, std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        bytes += i % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n"
                            : "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n";
    }
    made.steps.insert(made.steps.begin(), step{bytes, 0ns});
}

script cut_short(const reply& answer, const delivery& how, const fault& wrong) {
    auto made = plain_script(answer, how);
    if (wrong.kind == fault_kind::cut_chunk) {
        if (answer.is_stream)
            made.steps.pop_back();
        else
            made = chunked_whole(answer, how);
    } else {
        keep_events(made, answer, wrong.count_or(1));
    }
    if (wrong.kind == fault_kind::cut_event && answer.is_stream) {
        const auto next = std::min(wrong.count_or(1), answer.events.size() - 1);
        const auto half = answer.events[next].substr(0, answer.events[next].size() / 2);
        made.steps.push_back({frame_chunk(half), how.gap});
    }
    made.end = wrong.kind == fault_kind::rst_mid ? ending::reset : ending::close;
    return made;
}

script stalled(const reply& answer, const delivery& how, const fault& wrong) {
    auto made = plain_script(answer, how);
    keep_events(made, answer, wrong.count_or(1));
    made.end = ending::hang;
    const auto comment = answer.voice->idle_event();
    if (wrong.kind != fault_kind::stall_comments || !answer.is_stream || comment.empty())
        return made;
    for (int i = 0; i < comment_count; ++i) {
        made.steps.push_back({frame_chunk(comment), 1s});
    }
    return made;
}

script with_error_event(const reply& answer, const delivery& how, std::size_t after) {
    auto spoilt = answer;
    const auto& voice = *answer.voice;
    if (!spoilt.is_stream) spoilt.content_type = voice.stream_type();
    spoilt.is_stream = true;
    spoilt.closing.clear();
    spoilt.events.resize(std::min(after, answer.events.size()));
    const auto words = voice.words_for(500);
    spoilt.events.push_back(voice.error_event(spoilt, words, spoilt.events.size()));
    return stream_script(spoilt, how);
}

script without_answer(ending end) {
    script made;
    made.end = end;
    return made;
}

script with_fields(const reply& answer, delivery how, std::string fields) {
    how.fields += fields;
    return plain_script(answer, how);
}

std::string repeat_fields(std::size_t count) {
    std::string fields;
    for (std::size_t i = 0; i < count; ++i)
        fields += fmt::format("x-filler-{}: {}\r\n", i, i);
    return fields;
}

script gzip_script(reply answer, const delivery& how) {
    constexpr std::string_view field = "content-encoding: gzip\r\n";
    if (!answer.is_stream)
        return whole_with_body(answer, how, gzip_stored(answer.body), std::string{field});
    std::string text;
    for (const auto& event : answer.events)
        text += event;
    return whole_with_body(answer, how, gzip_stored(text + answer.closing), std::string{field});
}

// Faults in the head or instead of it.
script faulty_head(const reply& answer, const delivery& how, const fault& wrong) {
    auto made = plain_script(answer, how);
    switch (wrong.kind) {
    case fault_kind::slow_head: made.steps.front().pause += wrong.time_or(5s); break;
    case fault_kind::interim: interim(made, wrong.count_or(1)); break;
    case fault_kind::too_many_interim: interim(made, wrong.count_or(100)); break;
    case fault_kind::huge_head:
        return with_fields(
            answer, how, "x-filler: " + std::string(wrong.count_or(131072), 'x') + "\r\n"
        );
    case fault_kind::many_fields:
        return with_fields(answer, how, repeat_fields(wrong.count_or(400)));
    case fault_kind::upgrade_101:
        made.steps = {
            {"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: "
             "upgrade\r\n\r\n",
             0ns}};
        made.end = ending::hang;
        break;
    case fault_kind::garbage:
        made.steps = {{broken_head(wrong.argument), how.first}};
        made.end = ending::close;
        break;
    case fault_kind::drip: {
        std::size_t head = made.steps.front().bytes.find("\r\n\r\n") + 4;
        drip(made, wrong.time_or(1s), head);
        break;
    }
    case fault_kind::drip_head: drip(made, wrong.time_or(1s), 0); break;
    default: break;
    }
    return made;
}

}  // namespace

script faulty_script(const reply& answer, const delivery& how, const fault& wrong) {
    switch (wrong.kind) {
    case fault_kind::refuse:
    case fault_kind::reset_before_head: return without_answer(ending::reset);
    case fault_kind::close_before_head: return without_answer(ending::close);
    case fault_kind::silent: return without_answer(ending::hang);
    case fault_kind::cut_length:
    case fault_kind::cut_chunk:
    case fault_kind::cut_event:
    case fault_kind::rst_mid: return cut_short(answer, how, wrong);
    case fault_kind::stall_mid:
    case fault_kind::stall_comments: return stalled(answer, how, wrong);
    case fault_kind::error_first_event: return with_error_event(answer, how, 0);
    case fault_kind::error_mid_stream: return with_error_event(answer, how, wrong.count_or(1));
    case fault_kind::gzip_answer: return gzip_script(answer, how);
    case fault_kind::slow_head:
    case fault_kind::interim:
    case fault_kind::too_many_interim:
    case fault_kind::huge_head:
    case fault_kind::many_fields:
    case fault_kind::upgrade_101:
    case fault_kind::garbage:
    case fault_kind::drip:
    case fault_kind::drip_head: return faulty_head(answer, how, wrong);
    case fault_kind::no_done: {
        auto made = plain_script(answer, how);
        if (answer.is_stream) made.steps.back().bytes = last_chunk;
        return made;
    }
    case fault_kind::bad_chunk: {
        auto made = answer.is_stream ? stream_script(answer, how) : chunked_whole(answer, how);
        if (answer.is_stream) made.steps.resize(std::min<std::size_t>(2, made.steps.size()));
        spoil_chunk(made, wrong.argument);
        return made;
    }
    case fault_kind::close_after_answer: {
        auto made = plain_script(answer, how);
        made.end = ending::close;
        return made;
    }
    case fault_kind::reset_on_reuse: return plain_script(answer, how);
    case fault_kind::status:
    case fault_kind::quota_429:
    case fault_kind::context_length:
    case fault_kind::html_502:
    case fault_kind::error_200:
    case fault_kind::bad_json:
    case fault_kind::empty_200:
    case fault_kind::redirect:
    case fault_kind::early_answer: return faulty_status(answer, how, wrong);
    }
    std::unreachable();
}

}  // namespace spillway::bench::sim
