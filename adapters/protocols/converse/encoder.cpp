#include "adapters/protocols/converse/encoder.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/converse/event_stream.hpp"
#include "adapters/protocols/converse/media_formats.hpp"
#include "adapters/protocols/converse/stop_reasons.hpp"
#include "adapters/protocols/converse/usage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

void append_number(std::string& out, std::uint64_t number) {
    out.append(fmt::format_int{number}.str());
}

}  // namespace

encoder::encoder(const answer_context& context)
    : context_{context}
    , is_streamed_{context.how == delivery::streamed} {}

std::unique_ptr<answer_encoder> make_encoder(const answer_context& context) {
    return std::make_unique<encoder>(context);
}

void encoder::take(const event& one) {
    if (one.choice != 0) return;
    message_start();
    switch (one.kind) {
    case event_kind::start:
    case event_kind::logprobs: return;
    case event_kind::text:
    case event_kind::refusal:
    case event_kind::audio: return text(one);
    case event_kind::reasoning:
    case event_kind::signature: return reasoning(one);
    case event_kind::encrypted: return encrypted(one);
    case event_kind::tool_start: return tool_start(one);
    case event_kind::tool_arguments: return tool_arguments(one);
    case event_kind::tool_end: return tool_end(one.tool);
    case event_kind::image: return image(one);
    case event_kind::citation: return citation(one);
    case event_kind::finish:
        stop_reason_ = stop_reason_of(one);
        stop_sequence_ = one.text.raw;
        return;
    case event_kind::usage: tokens_ = one.tokens; return;
    case event_kind::end: return end();
    }
}

// ---------------------------------------------------------------------------------------------------------
// Texts and thoughts

void encoder::text(const event& one) {
    if (one.text.empty()) return;
    enter(block_kind::text, one.part);
    if (!is_streamed_) {
        whole_.text.append(one.text.raw);
        return;
    }
    const std::size_t begin = open_delta(open_index_);
    text_.append("\"text\":\"").append(one.text.raw).push_back('"');
    close_delta(begin);
}

void encoder::reasoning(const event& one) {
    const bool is_signature = one.kind == event_kind::signature;
    // Google signs any part; here only a thought can be.
    const bool is_of_thought = !is_signature ||
                               (open_ == block_kind::reasoning && open_part_ == one.part) ||
                               one.format == reasoning_format::anthropic;
    if (!is_of_thought || (is_signature && one.text.empty())) return;
    enter(block_kind::reasoning, one.part);
    if (!is_streamed_) {
        (is_signature ? whole_.signature : whole_.text).append(one.text.raw);
        return;
    }
    if (one.text.empty()) return;
    const std::size_t begin = open_delta(open_index_);
    text_.append("\"reasoningContent\":{\"").append(is_signature ? "signature" : "text");
    text_.append("\":\"").append(one.text.raw).append("\"}");
    close_delta(begin);
}

// The SDKs decode it from base64: only Anthropic's is sure to be.
void encoder::encrypted(const event& one) {
    if (one.format != reasoning_format::anthropic || one.text.empty()) return;
    leave();
    if (!is_streamed_) {
        begin_content();
        text_.append(R"({"reasoningContent":{"redactedContent":")").append(one.text.raw);
        text_.append("\"}}");
        return;
    }
    const std::uint32_t index = next_index_++;
    const std::size_t begin = open_delta(index);
    text_.append(R"("reasoningContent":{"redactedContent":")").append(one.text.raw).append("\"}");
    close_delta(begin);
    block_stop(index);
}

void encoder::enter(block_kind kind, std::uint32_t part) {
    if (open_ == kind && open_part_ == part) return;
    leave();
    open_ = kind;
    open_part_ = part;
    if (is_streamed_) open_index_ = next_index_++;
}

void encoder::leave() {
    if (open_ == block_kind::none) return;
    if (is_streamed_) {
        block_stop(open_index_);
    } else {
        write_gathered();
    }
    open_ = block_kind::none;
}

void encoder::write_gathered() {
    begin_content();
    if (open_ == block_kind::reasoning) {
        text_.append(R"({"reasoningContent":{"reasoningText":{"text":")").append(whole_.text);
        if (!whole_.signature.empty()) text_.append("\",\"signature\":\"").append(whole_.signature);
        text_.append("\"}}}");
    } else if (!whole_.citations.empty()) {
        text_.append(R"({"citationsContent":{"content":[{"text":")").append(whole_.text);
        text_.append("\"}],\"citations\":[").append(whole_.citations).append("]}}");
    } else {
        text_.append("{\"text\":\"").append(whole_.text).append("\"}");
    }
    whole_.text.clear();
    whole_.signature.clear();
    whole_.citations.clear();
}

// Only what is cited from the web has a place that every model's clients know.
void encoder::citation(const event& one) {
    if (one.cited.url.empty() && one.cited.title.empty()) return;
    if (open_ != block_kind::text) enter(block_kind::text, one.part);
    std::string& out = is_streamed_ ? text_ : whole_.citations;
    const std::size_t begin = is_streamed_ ? open_delta(open_index_) : 0;
    if (is_streamed_) {
        out.append("\"citation\":");
    } else if (!out.empty()) {
        out.push_back(',');
    }
    out.append("{\"title\":\"").append(one.cited.title.raw).append("\",\"sourceContent\":[");
    if (!one.cited.text.empty())
        out.append("{\"text\":\"").append(one.cited.text.raw).append("\"}");
    out.append("],\"location\":{");
    if (one.cited.url.empty()) {
        out.append(R"("documentChar":{"documentIndex":)");
        append_number(out, one.cited.document);
        out.append("}}}");
    } else {
        out.append(R"("web":{"url":")").append(one.cited.url.raw).append("\"}}}");
    }
    if (is_streamed_) close_delta(begin);
}

void encoder::image(const event& one) {
    if (one.source.kind != source_kind::base64) return;
    leave();
    const std::string_view format = image_format(one.source);
    if (!is_streamed_) {
        begin_content();
        text_.append("{\"image\":{\"format\":\"").append(format);
        text_.append(R"(","source":{"bytes":")").append(one.source.data.raw).append("\"}}}");
        return;
    }
    const std::uint32_t index = next_index_++;
    const std::size_t start = open_message(text_, message_type::event, "contentBlockStart");
    text_.append("{\"contentBlockIndex\":");
    append_number(text_, index);
    text_.append(R"(,"start":{"image":{"format":")").append(format).append("\"}}}");
    close_message(text_, start);
    const std::size_t begin = open_delta(index);
    text_.append(R"("image":{"source":{"bytes":")").append(one.source.data.raw).append("\"}}");
    close_delta(begin);
    block_stop(index);
}

// ---------------------------------------------------------------------------------------------------------
// Calls

void encoder::tool_start(const event& one) {
    if (!has_call_) return open_call(one.tool, one.id.raw, one.name.raw);
    waiting_.push_back({one.tool, std::string{one.id.raw}, std::string{one.name.raw}, {}, false});
}

void encoder::tool_arguments(const event& one) {
    if (has_call_ && call_ == one.tool) return call_arguments(one.text.raw);
    const auto waits = std::ranges::find(waiting_, one.tool, &waiting_call::tool);
    if (waits != waiting_.end()) waits->arguments.append(one.text.raw);
}

void encoder::tool_end(std::uint32_t tool) {
    if (has_call_ && call_ == tool) {
        close_call();
        return next_call();
    }
    const auto waits = std::ranges::find(waiting_, tool, &waiting_call::tool);
    if (waits != waiting_.end()) waits->is_over = true;
}

// Those that waited, up to one that is not over.
void encoder::next_call() {
    while (!has_call_ && !waiting_.empty()) {
        const waiting_call next = std::move(waiting_.front());
        waiting_.pop_front();
        open_call(next.tool, next.id, next.name);
        call_arguments(next.arguments);
        if (next.is_over) close_call();
    }
}

void encoder::open_call(std::uint32_t tool, std::string_view id, std::string_view name) {
    leave();
    has_call_ = true;
    call_has_arguments_ = false;
    call_ = tool;
    if (!is_streamed_) {
        whole_call_.text.assign(R"({"toolUse":{"toolUseId":")").append(id);
        whole_call_.text.append("\",\"name\":\"").append(name).append("\",\"input\":");
        whole_call_.signature.clear();
        return;
    }
    call_index_ = next_index_++;
    const std::size_t begin = open_message(text_, message_type::event, "contentBlockStart");
    text_.append("{\"contentBlockIndex\":");
    append_number(text_, call_index_);
    text_.append(R"(,"start":{"toolUse":{"toolUseId":")").append(id);
    text_.append("\",\"name\":\"").append(name).append("\"}}}");
    close_message(text_, begin);
}

void encoder::call_arguments(std::string_view fragment) {
    if (fragment.empty()) return;
    call_has_arguments_ = true;
    if (!is_streamed_) {
        whole_call_.signature.append(fragment);
        return;
    }
    const std::size_t begin = open_delta(call_index_);
    text_.append("\"toolUse\":{\"input\":\"").append(fragment).append("\"}");
    close_delta(begin);
}

void encoder::close_call() {
    has_call_ = false;
    if (!is_streamed_) return write_gathered_call();
    if (!call_has_arguments_) call_arguments("{}");
    block_stop(call_index_);
}

void encoder::write_gathered_call() {
    leave();
    begin_content();
    arena made;
    part call;
    call.arguments = {whole_call_.signature};
    text_.append(whole_call_.text).append(arguments_object(call, made).raw).append("}}");
}

// ---------------------------------------------------------------------------------------------------------
// Frames and bodies

void encoder::message_start() {
    if (has_started_) return;
    has_started_ = true;
    if (!is_streamed_) {
        text_.append(R"({"output":{"message":{"role":"assistant","content":[)");
        return;
    }
    const std::size_t begin = open_message(text_, message_type::event, "messageStart");
    text_.append(R"({"role":"assistant"})");
    close_message(text_, begin);
}

void encoder::begin_content() {
    if (next_index_++ > 0) text_.push_back(',');
}

std::size_t encoder::open_delta(std::uint32_t index) {
    const std::size_t begin = open_message(text_, message_type::event, "contentBlockDelta");
    text_.append("{\"contentBlockIndex\":");
    append_number(text_, index);
    text_.append(",\"delta\":{");
    return begin;
}

void encoder::close_delta(std::size_t begin) {
    text_.append("}}");
    close_message(text_, begin);
}

void encoder::block_stop(std::uint32_t index) {
    const std::size_t begin = open_message(text_, message_type::event, "contentBlockStop");
    text_.append("{\"contentBlockIndex\":");
    append_number(text_, index);
    text_.push_back('}');
    close_message(text_, begin);
}

void encoder::end() {
    if (has_call_) close_call();
    for (waiting_call& one : waiting_)
        one.is_over = true;
    next_call();
    leave();
    if (is_streamed_) {
        end_streamed();
    } else {
        end_whole();
    }
}

void encoder::end_streamed() {
    std::size_t begin = open_message(text_, message_type::event, "messageStop");
    text_.append("{\"stopReason\":\"").append(stop_reason_).push_back('"');
    if (!stop_sequence_.empty()) {
        text_.append(R"(,"additionalModelResponseFields":{"stop_sequence":")");
        text_.append(stop_sequence_).append("\"}");
    }
    text_.push_back('}');
    close_message(text_, begin);
    begin = open_message(text_, message_type::event, "metadata");
    text_.push_back('{');
    append_metadata();
    text_.push_back('}');
    close_message(text_, begin);
}

void encoder::end_whole() {
    text_.append("]}},\"stopReason\":\"").append(stop_reason_).append("\",");
    if (!stop_sequence_.empty()) {
        text_.append(R"("additionalModelResponseFields":{"stop_sequence":")");
        text_.append(stop_sequence_).append("\"},");
    }
    append_metadata();
    text_.push_back('}');
}

// The SDKs require a latency. Nobody here has a clock: 0 says that it was not measured.
void encoder::append_metadata() {
    text_.append("\"usage\":{");
    append_usage(text_, tokens_);
    if (context_.side == face::openrouter && context_.costs != nullptr) {
        const std::optional<cost> price = context_.costs->cost_of(tokens_);
        text_.append(",\"cost\":");
        if (price) {
            json::append_nano(text_, price->total);
        } else {
            text_.append("null");
        }
    }
    text_.append("},\"metrics\":{\"latencyMs\":0}");
}

}  // namespace spillway::adapters::converse
