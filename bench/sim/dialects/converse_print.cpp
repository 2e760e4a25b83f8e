#include "bench/sim/dialects/converse_print.hpp"

#include "bench/sim/dialects/base64.hpp"
#include "bench/sim/dialects/event_frame.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/text_hash.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

constexpr int latency = 1;

std::string_view stop_reason(const said& choice) {
    switch (choice.finish) {
    case finish_kind::stop: return "end_turn";
    case finish_kind::stop_sequence: return "stop_sequence";
    case finish_kind::length: return "max_tokens";
    case finish_kind::calls: return "tool_use";
    case finish_kind::filter: return "content_filtered";
    case finish_kind::refusal: break;
    }
    return "guardrail_intervened";
}

json::object print_usage(const answer& made) {
    json::object usage{
        {"inputTokens", made.uncached_tokens()},
        {"outputTokens", made.completion_tokens},
        {"totalTokens", made.prompt_tokens + made.completion_tokens}};
    if (made.cached_tokens + made.cache_written_tokens == 0) return usage;
    usage["cacheReadInputTokens"] = made.cached_tokens;
    usage["cacheReadInputTokenCount"] = made.cached_tokens;
    usage["cacheWriteInputTokens"] = made.cache_written_tokens;
    usage["cacheWriteInputTokenCount"] = made.cache_written_tokens;
    return usage;
}

json::object print_citation(const part& one, const citation& cited) {
    json::object printed{{"title", citation::title}};
    printed["sourceContent"] =
        list_of(json::object{{"text", one.text.substr(cited.begin, cited.end - cited.begin)}});
    printed["location"] = {{"web", {{"url", citation::url}, {"domain", "example.com"}}}};
    return printed;
}

json::object print_text(const part& one) {
    if (one.citations.empty()) return {{"text", one.text}};
    json::array list;
    for (const auto& cited : one.citations)
        list.push_back(print_citation(one, cited));
    json::object cited;
    cited["content"] = list_of(json::object{{"text", one.text}});
    cited["citations"] = std::move(list);
    json::object block;
    block["citationsContent"] = std::move(cited);
    return block;
}

json::object print_block(const part& one) {
    switch (one.kind) {
    case part_kind::reasoning:
        return {
            {"reasoningContent",
             {{"reasoningText", {{"text", one.text}, {"signature", one.signature}}}}}};
    case part_kind::redacted:
        return {{"reasoningContent", {{"redactedContent", encode_base64(one.text)}}}};
    case part_kind::call:
        return {
            {"toolUse",
             {{"toolUseId", "tooluse_" + one.id},
              {"name", one.name},
              {"input", parse_json(one.text)}}}};
    case part_kind::image:
        return {{"image", {{"format", "png"}, {"source", {{"bytes", one.text}}}}}};
    case part_kind::text:
    case part_kind::refusal: break;
    }
    return print_text(one);
}

class frame_list {
public:
    void add(std::string_view type, json::object payload) {
        constexpr std::string_view letters =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        const auto text = json::serialize(payload);
        payload["p"] = letters.substr(0, 1 + hash_text(text) % letters.size());
        frames_.push_back(frame_aws_event(type, json::serialize(payload)));
    }

    // Only calls and pictures are opened; text and reasoning begin with their first delta.
    void add_block(const part& one) {
        if (one.kind == part_kind::call) {
            add("contentBlockStart",
                {{"contentBlockIndex", index_},
                 {"start", {{"toolUse", {{"name", one.name}, {"toolUseId", "tooluse_" + one.id}}}}}}
            );
        }
        if (one.kind == part_kind::image) {
            add("contentBlockStart",
                {{"contentBlockIndex", index_}, {"start", {{"image", {{"format", "png"}}}}}});
            add_delta({{"image", {{"source", {{"bytes", one.text}}}}}});
        } else if (one.kind == part_kind::redacted) {
            add_delta(print_block(one));
        } else {
            for (const auto piece : pieces_of(one))
                add_piece(one.kind, piece);
        }
        for (const auto& cited : one.citations)
            add_delta({{"citation", print_citation(one, cited)}});
        if (one.kind == part_kind::reasoning)
            add_delta({{"reasoningContent", {{"signature", one.signature}}}});
        add("contentBlockStop", {{"contentBlockIndex", index_}});
        ++index_;
    }

    std::vector<std::string> take() { return std::move(frames_); }

private:
    void add_delta(json::object delta) {
        add("contentBlockDelta", {{"contentBlockIndex", index_}, {"delta", std::move(delta)}});
    }

    void add_piece(part_kind kind, std::string_view piece) {
        if (kind == part_kind::reasoning)
            add_delta({{"reasoningContent", {{"text", piece}}}});
        else if (kind == part_kind::call)
            add_delta({{"toolUse", {{"input", piece}}}});
        else
            add_delta({{"text", piece}});
    }

    std::vector<std::string> frames_;
    std::size_t index_ = 0;
};

reply start_reply(const answer& made) {
    reply started;
    started.prompt_tokens = made.prompt_tokens;
    started.completion_tokens = made.completion_tokens;
    return started;
}

reply start_stream(const answer& made, std::vector<std::string> frames) {
    auto started = start_reply(made);
    started.is_stream = true;
    started.is_sealed = true;
    started.content_type = aws_stream_type;
    started.closing = std::move(frames.back());
    frames.pop_back();
    started.events = std::move(frames);
    return started;
}

}  // namespace

reply print_converse(const answer& made) {
    const auto& choice = made.choices.front();
    json::array content;
    for (const auto& one : choice.parts)
        content.push_back(print_block(one));
    json::object message{{"role", "assistant"}};
    message["content"] = std::move(content);
    json::object body;
    body["output"] = {{"message", std::move(message)}};
    body["stopReason"] = stop_reason(choice);
    body["usage"] = print_usage(made);
    body["metrics"] = {{"latencyMs", latency}};
    auto printed = start_reply(made);
    printed.body = json::serialize(body);
    return printed;
}

reply stream_converse(const answer& made) {
    const auto& choice = made.choices.front();
    frame_list frames;
    frames.add("messageStart", {{"role", "assistant"}});
    for (const auto& one : choice.parts)
        frames.add_block(one);
    frames.add("messageStop", {{"stopReason", stop_reason(choice)}});
    frames.add("metadata", {{"usage", print_usage(made)}, {"metrics", {{"latencyMs", latency}}}});
    return start_stream(made, frames.take());
}

reply stream_invoked(const answer& made, std::vector<json::object> events) {
    events.back()["amazon-bedrock-invocationMetrics"] = {
        {"inputTokenCount", made.uncached_tokens()},
        {"outputTokenCount", made.completion_tokens},
        {"invocationLatency", latency},
        {"firstByteLatency", latency},
        {"cacheReadInputTokenCount", made.cached_tokens},
        {"cacheWriteInputTokenCount", made.cache_written_tokens}};
    frame_list frames;
    for (const auto& event : events)
        frames.add("chunk", {{"bytes", encode_base64(json::serialize(event))}});
    return start_stream(made, frames.take());
}

}  // namespace spillway::bench::sim
