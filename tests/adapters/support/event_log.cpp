#include "tests/adapters/support/event_log.hpp"

#include "adapters/registry.hpp"

#include <fmt/format.h>

namespace spillway::testing {

using namespace adapters;
using namespace adapters::canonical;

namespace {

std::string head_of(const event& one) {
    switch (one.kind) {
    case event_kind::start: return fmt::format("start {} {}", one.id.raw, one.name.raw);
    case event_kind::text: return fmt::format("text/{} ", one.part);
    case event_kind::refusal: return fmt::format("refusal/{} ", one.part);
    case event_kind::reasoning: return fmt::format("reasoning/{} ", one.part);
    case event_kind::signature:
        return fmt::format("signature/{} {} ", one.part, name_of(one.format));
    case event_kind::encrypted:
        return fmt::format("encrypted/{} {} ", one.part, name_of(one.format));
    case event_kind::tool_start:
        return fmt::format("tool_start {} {} {}", one.tool, one.id.raw, one.name.raw);
    case event_kind::tool_arguments: return fmt::format("arguments {} ", one.tool);
    case event_kind::tool_end: return fmt::format("tool_end {}", one.tool);
    case event_kind::image: return fmt::format("image {}", one.source.type.raw);
    case event_kind::audio: return "audio ";
    case event_kind::citation:
        return fmt::format(
            "citation {}-{} {} {} {}",
            one.cited.from,
            one.cited.to,
            one.cited.url.raw,
            one.cited.title.raw,
            one.cited.text.raw
        );
    case event_kind::logprobs: return fmt::format("logprobs {}", one.value.raw);
    case event_kind::finish: return fmt::format("finish {} {} ", name_of(one.why), one.native.raw);
    case event_kind::usage:
        return fmt::format(
            "usage {}+{}={} read {} written {} reasoning {}",
            one.tokens.prompt,
            one.tokens.completion,
            one.tokens.total,
            one.tokens.cached_read,
            one.tokens.cache_write,
            one.tokens.reasoning
        );
    case event_kind::end: return "end";
    }
    return {};
}

bool is_fragment(event_kind kind) noexcept {
    return kind == event_kind::text || kind == event_kind::reasoning ||
           kind == event_kind::tool_arguments || kind == event_kind::refusal;
}

}  // namespace

void event_log::take(const event& one) {
    const auto head = head_of(one);
    if (one.kind == event_kind::text) text.append(one.text.raw);
    if (one.kind == event_kind::usage) tokens = one.tokens;
    if (one.kind == event_kind::finish)
        finish = fmt::format("{} {}", name_of(one.why), one.native.raw);
    if (one.kind == event_kind::end) has_ended = true;
    if (is_fragment(one.kind) && head == open_) {
        lines.insert(lines.size() - 1, one.text.raw);
        return;
    }
    open_ = is_fragment(one.kind) ? head : std::string{};
    lines.append(head).append(one.text.raw).append("\n");
}

void decode_into(
    event_log& log, protocol which, framing frames, const pieces& parts, std::string_view provider
) {
    const auto decoder = codec_of(which).make_decoder({*find_row(provider), "Acme"});
    const auto reader = make_frame_reader(frames);
    if (!reader) {
        std::string all;
        for (const auto part : parts)
            all.append(part);
        const padded_text body{all};
        decoder->whole(body.view(), log);
        return;
    }
    read_frame one;
    const auto hear = [&] {
        if (one.has_data && !log.has_ended && !log.failed) decoder->next(one.frame, log);
    };
    for (const auto part : parts) {
        reader->feed(part);
        while (reader->next(one))
            hear();
    }
    if (reader->flush(one)) hear();
    if (!log.has_ended && !log.failed) decoder->body_ended(log);
}

heard decoded(protocol which, framing frames, const pieces& parts, std::string_view provider) {
    event_log log;
    decode_into(log, which, frames, parts, provider);
    return log;
}

heard decoded_three_ways(protocol which, framing frames, std::string_view octets) {
    three_ways(octets, [&](const pieces& parts) {
        const auto log = decoded(which, frames, parts);
        return log.lines + (log.failed ? "failed: " + log.failed->message : "");
    });
    return decoded(which, frames, {octets});
}

}  // namespace spillway::testing
