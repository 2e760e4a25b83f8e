#include "adapters/protocols/cohere/encoder.hpp"

#include "adapters/protocols/cohere/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::cohere {

using namespace canonical;

namespace {

constexpr std::string_view type_of_text = "text";
constexpr std::string_view type_of_thought = "thinking";

}  // namespace

void encoder::take(const event& one) {
    if (one.choice != 0) return;
    switch (one.kind) {
    case event_kind::start: return begin();
    case event_kind::text:
    case event_kind::refusal: return say(channel::text, one.text);
    case event_kind::reasoning: return say(channel::thought, one.text);
    case event_kind::tool_start: return tool_start(one);
    case event_kind::tool_arguments: return tool_arguments(one);
    case event_kind::tool_end:
        if (call* const found = find(one.tool)) tool_end(*found);
        return;
    case event_kind::citation: return citation(one);
    case event_kind::finish:
        why_ = one.why;
        met_stop_ = !one.text.empty();
        return;
    case event_kind::usage: tokens_ = one.tokens; return;
    case event_kind::end: return end();
    // The dialect has no place for these.
    case event_kind::signature:
    case event_kind::encrypted:
    case event_kind::image:
    case event_kind::audio:
    case event_kind::logprobs: return;
    }
}

void encoder::begin() {
    if (has_begun_ || is_whole()) return;
    has_begun_ = true;
    text_.append("event: message-start\ndata: {\"id\":");
    json::append_string(text_, context_.generation_id);
    text_.append(",\"type\":\"message-start\",\"delta\":{\"message\":{\"role\":\"assistant\","
                 "\"content\":[],\"tool_plan\":\"\",\"tool_calls\":[],\"citations\":[]}}}\n\n");
}

void encoder::event_head(std::string_view type, std::size_t index) {
    text_.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
    fmt::format_to(std::back_inserter(text_), "\",\"index\":{}", index);
}

void encoder::say(channel what, escaped text) {
    begin();
    if (text.empty()) return;
    const auto type = what == channel::text ? type_of_text : type_of_thought;
    if (open_ != what) {
        close_content();
        open_ = what;
        if (is_whole()) {
            content_.append(content_.empty() ? "" : ",").append("{\"type\":\"").append(type);
            content_.append("\",\"").append(type).append("\":\"");
        } else {
            event_head("content-start", index_);
            text_.append(",\"delta\":{\"message\":{\"content\":{\"type\":\"").append(type);
            text_.append("\",\"").append(type).append("\":\"\"}}}}\n\n");
        }
    }
    if (is_whole()) {
        content_.append(text.raw);
        return;
    }
    event_head("content-delta", index_);
    text_.append(",\"delta\":{\"message\":{\"content\":{\"").append(type).append("\":\"");
    text_.append(text.raw).append("\"}}}}\n\n");
}

void encoder::close_content() {
    if (open_ == channel::none) return;
    open_ = channel::none;
    if (is_whole()) {
        content_.append("\"}");
    } else {
        event_head("content-end", index_);
        text_.append("}\n\n");
    }
    ++index_;
}

encoder::call* encoder::find(std::uint32_t tool) noexcept {
    const auto found = std::ranges::find(calls_, tool, &call::tool);
    return found == calls_.end() ? nullptr : &*found;
}

std::size_t encoder::number_of(const call& one) const noexcept {
    return static_cast<std::size_t>(&one - calls_.data());
}

void encoder::tool_start(const event& one) {
    begin();
    close_content();
    call& made = calls_.emplace_back();
    made.tool = one.tool;
    made.id = one.id.raw;
    made.name = one.name.raw;
    if (is_whole()) return;
    event_head("tool-call-start", number_of(made));
    json::writer out{text_};
    out.raw(",\"delta\":{\"message\":{\"tool_calls\":").open().member("id", one.id);
    out.member("type", "function").name("function").open().member("name", one.name);
    out.member("arguments", "").close().close().raw("}}}\n\n");
}

void encoder::tool_arguments(const event& one) {
    call* const found = find(one.tool);
    if (found == nullptr || found->is_over || one.text.empty()) return;
    found->has_arguments = true;
    if (is_whole()) {
        found->arguments.append(one.text.raw);
        return;
    }
    event_head("tool-call-delta", number_of(*found));
    text_.append(",\"delta\":{\"message\":{\"tool_calls\":{\"function\":{\"arguments\":\"");
    text_.append(one.text.raw).append("\"}}}}}\n\n");
}

void encoder::tool_end(call& one) {
    if (one.is_over) return;
    if (!one.has_arguments) {
        event nothing;
        nothing.tool = one.tool;
        nothing.text = {"{}"};
        tool_arguments(nothing);
    }
    one.is_over = true;
    if (is_whole()) return;
    event_head("tool-call-end", number_of(one));
    text_.append("}\n\n");
}

void encoder::citation(const event& one) {
    begin();
    std::string object;
    json::writer out{object};
    const std::size_t content = open_ == channel::none && index_ > 0 ? index_ - 1 : index_;
    out.open().member("start", std::int64_t{one.cited.from});
    out.member("end", std::int64_t{one.cited.to}).member("text", one.cited.text);
    out.member("content_index", static_cast<std::int64_t>(content)).member("type", "TEXT_CONTENT");
    out.name("sources").raw("[").open().member("type", "document");
    out.name("id").raw(fmt::format("\"doc:{}\"", one.cited.document));
    out.name("document").open();
    if (!one.cited.title.empty()) out.member("title", one.cited.title);
    if (!one.cited.url.empty()) out.member("url", one.cited.url);
    out.close().close().raw("]").close();
    if (is_whole()) {
        citations_.append(citations_.empty() ? "" : ",").append(object);
        return;
    }
    event_head("citation-start", citation_count_);
    text_.append(",\"delta\":{\"message\":{\"citations\":").append(object).append("}}}\n\n");
    event_head("citation-end", citation_count_++);
    text_.append("}\n\n");
}

std::string_view encoder::finish_word() const noexcept {
    switch (with_calls(why_, !calls_.empty())) {
    case finish_reason::stop:
    case finish_reason::content_filter: return met_stop_ ? "STOP_SEQUENCE" : "COMPLETE";
    case finish_reason::length: return "MAX_TOKENS";
    case finish_reason::tool_calls: return "TOOL_CALL";
    case finish_reason::error: return "ERROR";
    }
    return "COMPLETE";
}

void encoder::end() {
    begin();
    close_content();
    for (call& one : calls_)
        tool_end(one);
    if (is_whole()) {
        write_whole();
    } else {
        write_end_of_stream();
    }
}

void encoder::write_end_of_stream() {
    text_.append(
        "event: message-end\ndata: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\""
    );
    text_.append(finish_word()).append("\",\"usage\":");
    write_usage();
    text_.append("}}\n\ndata: [DONE]\n\n");
}

void encoder::write_whole() {
    json::writer out{text_};
    out.open().member("id", context_.generation_id).member("finish_reason", finish_word());
    out.name("message").open().member("role", "assistant");
    if (!content_.empty()) out.name("content").raw("[").raw(content_).raw("]");
    if (!calls_.empty()) {
        out.name("tool_calls").raw("[");
        for (const call& one : calls_) {
            if (number_of(one) > 0) out.raw(",");
            out.open().member("id", escaped{one.id}).member("type", "function");
            out.name("function").open().member("name", escaped{one.name});
            out.member("arguments", escaped{one.arguments}).close().close();
        }
        out.raw("]");
    }
    if (!citations_.empty()) out.name("citations").raw("[").raw(citations_).raw("]");
    out.close().name("usage");
    write_usage();
    out.close();
}

void encoder::write_usage() {
    fmt::format_to(
        std::back_inserter(text_),
        R"({{"billed_units":{{"input_tokens":{0},"output_tokens":{1}}},)"
        R"("tokens":{{"input_tokens":{0},"output_tokens":{1}}},"cached_tokens":{2}}})",
        tokens_.prompt,
        tokens_.completion,
        tokens_.cached_read
    );
}

std::unique_ptr<answer_encoder> make_encoder(const answer_context& context) {
    return std::make_unique<encoder>(context);
}

}  // namespace spillway::adapters::cohere
