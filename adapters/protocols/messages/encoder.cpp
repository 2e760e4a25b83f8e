#include "adapters/protocols/messages/encoder.hpp"

#include "adapters/json/writer.hpp"
#include "adapters/protocols/messages/codec.hpp"
#include "adapters/protocols/messages/own_tokens.hpp"
#include "adapters/protocols/messages/tool_names.hpp"
#include "adapters/protocols/messages/usage.hpp"

#include <algorithm>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

constexpr std::size_t octets_a_token = 4;

}  // namespace

encoder::encoder(const answer_context& context)
    : context_{context}
    , pen_{context.how == delivery::whole ? make_whole_pen(content_) : make_stream_pen(text_)} {}

void encoder::take(const event& one) {
    if (one.choice != 0) return;
    switch (one.kind) {
    case event_kind::start: return begin();
    case event_kind::refusal: has_refused_ = true; [[fallthrough]];
    case event_kind::text: return fragment({block_kind::text, one.part}, one.text);
    case event_kind::reasoning: return fragment({block_kind::thinking, one.part}, one.text);
    case event_kind::signature: return signature(one);
    case event_kind::encrypted: return encrypted(one);
    case event_kind::tool_start: return tool_start(one);
    case event_kind::tool_arguments: return fragment({block_kind::tool, one.tool}, one.text);
    case event_kind::tool_end: return tool_end(one.tool);
    case event_kind::citation: return citation(one);
    case event_kind::finish:
        why_ = one.why;
        stop_sequence_ = one.text.raw;
        return;
    case event_kind::usage: tokens_ = one.tokens; return;
    case event_kind::end: return end();
    // The dialect has no place for these.
    case event_kind::image:
    case event_kind::audio:
    case event_kind::logprobs: return;
    }
}

void encoder::begin() {
    if (has_begun_ || is_whole()) return;
    has_begun_ = true;
    text_.append("event: message_start\ndata: {\"type\":\"message_start\",\"message\":");
    write_message_head();
    auto known = tokens_;
    if (!known.present) known.prompt = context_.prompt_octets / octets_a_token;
    json::writer out{text_};
    text_.append(
        ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"stop_details\":null,"
        "\"usage\":"
    );
    out.open();
    write_usage(out, known, context_);
    out.close();
    text_.append("}}\n\n");
}

void encoder::write_message_head() {
    constexpr std::string_view foreign = "gen-";
    auto id = context_.generation_id;
    if (id.starts_with(foreign)) id.remove_prefix(foreign.size());
    text_.append("{\"id\":\"msg_")
        .append(id)
        .append("\",\"type\":\"message\",\"role\":\"assistant\"");
    text_.append(",\"model\":");
    json::append_string(text_, context_.model);
    if (context_.side == face::openrouter) {
        text_.append(",\"provider\":");
        json::append_string(text_, context_.provider);
    }
}

bool encoder::must_wait(block_key key) const noexcept {
    return !waiting_.empty() || (!open_is_over_ && open_ != key);
}

encoder::waiting_block& encoder::waiting(block_key key) {
    const auto found = std::ranges::find(waiting_, key, &waiting_block::key);
    if (found != waiting_.end()) return *found;
    waiting_block& made = waiting_.emplace_back();
    made.key = key;
    return made;
}

void encoder::fragment(block_key key, escaped text) {
    begin();
    if (text.empty()) return;
    if (open_ == key) return put(text);
    const bool is_known = key.kind != block_kind::tool ||
                          std::ranges::find(waiting_, key, &waiting_block::key) != waiting_.end();
    if (!is_known) return;  // a call that never began, or is over
    if (must_wait(key)) {
        waiting(key).text.append(text.raw);
        return;
    }
    close();
    open(key);
    put(text);
}

void encoder::put(escaped text) {
    switch (open_.kind) {
    case block_kind::text: return pen_->text(text);
    case block_kind::thinking: return pen_->thinking(text);
    case block_kind::tool: return pen_->input(text);
    case block_kind::redacted:
    case block_kind::none: return;
    }
}

void encoder::open(block_key key) {
    open_ = key;
    open_is_over_ = true;
    signature_.clear();
    if (key.kind == block_kind::text) pen_->open_text();
    if (key.kind == block_kind::thinking) pen_->open_thinking();
}

void encoder::tool_start(const event& one) {
    begin();
    const auto id = allowed_id(one.id, ids_);
    calls_.push_back({one.part, std::string{id.raw}});
    const block_key key{block_kind::tool, one.tool};
    if (must_wait(key)) {
        waiting_block& made = waiting(key);
        made.id = id.raw;
        made.name = one.name.raw;
        return;
    }
    close();
    open(key);
    open_is_over_ = false;
    pen_->open_tool(id, one.name);
}

void encoder::tool_end(std::uint32_t tool) {
    const block_key key{block_kind::tool, tool};
    if (open_ != key) {
        const auto found = std::ranges::find(waiting_, key, &waiting_block::key);
        if (found != waiting_.end()) found->is_over = true;
        return;
    }
    close();
    release();
}

void encoder::close() {
    switch (open_.kind) {
    case block_kind::text: pen_->close_text(); break;
    case block_kind::thinking:
        if (signature_.empty()) append_token(signature_, {token_kind::text, {}, {}, {}});
        pen_->close_thinking({signature_});
        break;
    case block_kind::tool: pen_->close_tool(); break;
    case block_kind::redacted:
    case block_kind::none: break;
    }
    open_ = {};
    open_is_over_ = true;
}

// What has waited, up to the next call that is not over.
void encoder::release() {
    while (!waiting_.empty() && open_is_over_) {
        close();
        const waiting_block next = std::move(waiting_.front());
        waiting_.pop_front();
        open(next);
    }
}

void encoder::open(const waiting_block& block) {
    if (block.key.kind == block_kind::redacted) return pen_->redacted({block.text});
    open(block.key);
    if (block.key.kind == block_kind::tool) {
        pen_->open_tool({block.id}, {block.name});
        open_is_over_ = block.is_over;
    }
    put({block.text});
    signature_ = block.signature;
}

// The signature of a thought closes with it; Google's of a call goes into a redacted block of its own.
void encoder::signature(const event& one) {
    begin();
    const auto call = std::ranges::find(calls_, one.part, &seen_call::part);
    own_token token{token_kind::text, one.format, one.id, one.text};
    if (call != calls_.end()) {
        token.kind = token_kind::call;
        token.id = {call->id};
        append_token(waiting({block_kind::redacted, one.part}).text, token);
        return release();
    }
    const block_key key{block_kind::thinking, one.part};
    const bool is_another_part = open_ == block_key{block_kind::text, one.part};
    if (is_another_part) return;
    std::string written;
    if (one.format == reasoning_format::anthropic) {
        written = one.text.raw;
    } else {
        append_token(written, token);
    }
    if (open_ != key && must_wait(key)) {
        waiting(key).signature = std::move(written);
        return;
    }
    if (open_ != key) {
        close();
        open(key);
    }
    signature_ = std::move(written);
}

void encoder::encrypted(const event& one) {
    begin();
    std::string data;
    if (one.format == reasoning_format::anthropic) {
        data = one.text.raw;
    } else {
        append_token(data, {token_kind::block, one.format, one.id, one.text});
    }
    const block_key key{block_kind::redacted, one.part};
    if (must_wait(key)) {
        waiting(key).text = std::move(data);
        return;
    }
    close();
    pen_->redacted({data});
}

void encoder::citation(const event& one) {
    if (open_.kind != block_kind::text) return;
    const auto native = one.cited.native.raw;
    if (native.contains("_location\"")) return pen_->citation(one.cited.native);
    if (one.cited.url.empty()) return;
    std::string object{R"({"type":"web_search_result_location","cited_text":")"};
    object.append(one.cited.text.raw).append(R"(","encrypted_index":"","title":")");
    object.append(one.cited.title.raw).append(R"(","url":")").append(one.cited.url.raw);
    pen_->citation({object.append("\"}")});
}

void encoder::close_all() {
    for (waiting_block& one : waiting_)
        one.is_over = true;
    open_is_over_ = true;
    release();
    close();
}

std::string_view encoder::stop_reason() const noexcept {
    if (has_refused_) return "refusal";
    switch (with_calls(why_, !calls_.empty())) {
    case finish_reason::stop: return stop_sequence_.empty() ? "end_turn" : "stop_sequence";
    case finish_reason::length: return "max_tokens";
    case finish_reason::tool_calls: return "tool_use";
    case finish_reason::content_filter: return "refusal";
    case finish_reason::error: return "end_turn";
    }
    return "end_turn";
}

void encoder::write_stop() {
    text_.append("\"stop_reason\":\"").append(stop_reason()).append("\",\"stop_sequence\":");
    if (stop_sequence_.empty()) {
        text_.append("null");
    } else {
        text_.append("\"").append(stop_sequence_).append("\"");
    }
    text_.append(",\"stop_details\":null");
}

void encoder::end() {
    if (context_.what == operation::count_tokens) {
        json::writer{text_}
            .open()
            .member("input_tokens", static_cast<std::int64_t>(tokens_.prompt))
            .close();
        return;
    }
    begin();
    close_all();
    json::writer out{text_};
    if (is_whole()) {
        write_message_head();
        text_.append(",\"content\":[").append(content_).append("],");
        write_stop();
        text_.append(",\"container\":null,\"usage\":");
    } else {
        text_.append("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{");
        write_stop();
        text_.append("},\"usage\":");
    }
    out.open();
    write_usage(out, tokens_, context_);
    out.close();
    text_.append("}");
    if (!is_whole()) text_.append("\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
}

std::unique_ptr<answer_encoder> make_encoder(const answer_context& context) {
    return std::make_unique<encoder>(context);
}

}  // namespace spillway::adapters::messages
