#include "adapters/protocols/chat/stream.hpp"

#include "adapters/protocols/chat/errors.hpp"

namespace spillway::adapters::chat {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
    auto from = text.find_first_not_of(" \t\r\n");
    if (from == text.npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

}  // namespace

stream::event_kind stream::classify(const sse::block& block) {
    if (block.oversized) {
        ++facts_.events;
        return event_kind::plain;
    }
    if (block.has_data && block.seen.is_plain() && !block.named_error &&
        block.data.front() == '{' && block.data.back() == '}') {
        ++facts_.events;
        facts_.text_octets += block.data.size();
        return event_kind::plain;
    }
    reading ignored;
    return classify_read(block, ignored);
}

stream::event_kind stream::classify_read(const sse::block& block, reading& into) {
    if (!block.has_data) return event_kind::none;
    auto data = trimmed(block.data);
    if (data.empty()) return event_kind::none;
    if (data == "[DONE]") {
        done_ = true;
        facts_.terminal_seen = true;
        return event_kind::done;
    }
    const auto text = into.text = into.room.hold(data);
    const auto& where = into.where;
    if (!into.where.read(text)) return not_json(data);
    take_facts(text, where);
    if (block.named_error || where.is_error(text.text())) {
        fail_with(text.text());
        return event_kind::failure;
    }
    if (!finish_.empty() && row_.done == done_marker::never) facts_.terminal_seen = true;
    if (where.has_choices && where.choices.size() == 0 && where.usage)
        return event_kind::usage_only;
    ++facts_.events;
    facts_.text_octets += data.size();
    return event_kind::chunk;
}

bool stream::is_whole(const sse::block& block) {
    if (block.oversized) return false;
    auto data = trimmed(block.data);
    if (data == "[DONE]") return true;
    reading last;
    return last.where.read(last.room.hold(data));
}

stream::event_kind stream::not_json(std::string_view data) {
    // Behind the finish nothing is missing any more; whatever this is, it is no reason to call it a failure.
    if (!finish_.empty()) return event_kind::none;
    fail_with(broken_answer(data, "The provider sent an event that is not JSON.", context_.provider)
    );
    return event_kind::failure;
}

bool stream::is_complete(ending how) const noexcept {
    if (failed_ || facts_.events == 0) return false;
    if (done_) return true;
    bool finished = !finish_.empty() && row_.finish == finish_rule::finish_or_done;
    return how == ending::complete && finished;
}

void stream::settle_end(ending how) noexcept {
    facts_.complete = is_complete(how);
    if (facts_.complete) facts_.terminal_seen = true;
}

}  // namespace spillway::adapters::chat
