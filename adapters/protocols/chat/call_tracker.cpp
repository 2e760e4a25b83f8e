#include "adapters/protocols/chat/call_tracker.hpp"

#include "adapters/canonical/free_text.hpp"

#include <fmt/format.h>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

json::value body_of(json::value one) noexcept {
    const auto custom = one["custom"];
    return custom.is_object() ? custom : one["function"];
}

}  // namespace

// The index decides, then the id, then the place. On one index another id, or another name where there is no id,
// begins another call: Cerebras and some behind OpenRouter number all their calls 0.
std::size_t call_tracker::find(json::value one, json::value body, std::size_t position) const {
    const auto id = one["id"].string().raw;
    const auto name = body["name"].string().raw;
    const auto index = one["index"].count();
    if (!index && id.empty() && name.empty() && !calls_.empty()) return calls_.size() - 1;
    for (std::size_t i = calls_.size(); i-- > 0;) {
        const call& known = calls_[i];
        if (index ? known.index != index : !id.empty() && known.id != id) continue;
        if (!index && id.empty() && i != position && calls_.size() > position) continue;
        const bool is_other_id = !id.empty() && !known.id.empty() && id != known.id;
        const bool is_renamed = id.empty() && !name.empty() && !known.name.empty() &&
                                (name != known.name || known.balance.is_balanced());
        return is_other_id || is_renamed ? calls_.size() : i;
    }
    return calls_.size();
}

void call_tracker::fragment(
    json::value one,
    std::size_t position,
    std::uint32_t choice,
    std::uint32_t& part,
    event_sink& out
) {
    const auto body = body_of(one);
    take(find(one, body, position), one, body, choice, part, out);
}

void call_tracker::function_call(
    json::value body, std::uint32_t choice, std::uint32_t& part, event_sink& out
) {
    take(0, {}, body, choice, part, out);
}

void call_tracker::take(
    std::size_t ordinal,
    json::value one,
    json::value body,
    std::uint32_t choice,
    std::uint32_t& part,
    event_sink& out
) {
    if (ordinal == calls_.size()) {
        // What is whole and followed by another is over; what is not may be interleaved.
        for (std::size_t i = 0; i < ordinal; ++i) {
            if (calls_[i].balance.is_balanced()) end(i, choice, out);
        }
        calls_.emplace_back().index = one["index"].count();
        calls_.back().part = part++;
        calls_.back().is_free_text = one["custom"].is_object();
    }
    call& known = calls_[ordinal];
    if (known.is_ended) return;
    if (known.id.empty()) known.id = one["id"].string().raw;
    if (known.name.empty()) known.name = body["name"].string().raw;
    if (!known.is_started && !known.name.empty()) start(ordinal, choice, out);
    const auto said = body[known.is_free_text ? "input" : "arguments"];
    if (said.is_string()) {
        arguments(ordinal, said.string(), choice, out);
    } else if (said) {
        scratch_.clear();
        json::append_inside(scratch_, said.raw());
        arguments(ordinal, {scratch_}, choice, out);
    }
}

void call_tracker::start(std::size_t ordinal, std::uint32_t choice, event_sink& out) {
    call& known = calls_[ordinal];
    known.is_started = true;
    if (known.id.empty()) known.id = fmt::format("call_{}_{}", choice, ordinal);
    event begun;
    begun.kind = event_kind::tool_start;
    begun.choice = choice;
    begun.part = known.part;
    begun.tool = static_cast<std::uint32_t>(ordinal);
    begun.id = {known.id};
    begun.name = {known.name};
    begun.is_free_text = known.is_free_text;
    out.take(begun);
    if (known.is_free_text) give(ordinal, {free_text_open}, choice, out);
    if (known.waiting.empty()) return;
    const std::string waited = std::move(known.waiting);
    arguments(ordinal, {waited}, choice, out);
}

void call_tracker::arguments(
    std::size_t ordinal, escaped text, std::uint32_t choice, event_sink& out
) {
    call& known = calls_[ordinal];
    if (text.empty()) return;
    if (!known.is_started) {
        known.waiting.append(text.raw);
        return;
    }
    known.has_arguments = true;
    if (!known.is_free_text) {
        known.balance.feed(text);
        return give(ordinal, text, choice, out);
    }
    std::string inside;
    wrap_free_text(inside, text);
    give(ordinal, {inside}, choice, out);
}

void call_tracker::give(std::size_t ordinal, escaped text, std::uint32_t choice, event_sink& out) {
    event more;
    more.kind = event_kind::tool_arguments;
    more.choice = choice;
    more.part = calls_[ordinal].part;
    more.tool = static_cast<std::uint32_t>(ordinal);
    more.text = text;
    more.is_free_text = calls_[ordinal].is_free_text;
    out.take(more);
}

void call_tracker::end(std::size_t ordinal, std::uint32_t choice, event_sink& out) {
    call& known = calls_[ordinal];
    if (known.is_ended) return;
    if (!known.is_started) start(ordinal, choice, out);
    known.is_ended = true;
    if (known.is_free_text) {
        give(ordinal, {free_text_close}, choice, out);
    } else if (!known.has_arguments) {
        give(ordinal, {"{}"}, choice, out);
    }
    event over;
    over.kind = event_kind::tool_end;
    over.choice = choice;
    over.part = known.part;
    over.tool = static_cast<std::uint32_t>(ordinal);
    over.is_free_text = known.is_free_text;
    out.take(over);
}

void call_tracker::end_all(std::uint32_t choice, event_sink& out) {
    for (std::size_t i = 0; i < calls_.size(); ++i)
        end(i, choice, out);
}

}  // namespace spillway::adapters::chat
