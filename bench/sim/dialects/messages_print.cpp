#include "bench/sim/dialects/messages_print.hpp"

#include "bench/sim/dialects/json_view.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

std::string_view stop_reason(const said& choice) {
    switch (choice.finish) {
    case finish_kind::stop: return "end_turn";
    case finish_kind::stop_sequence: return "stop_sequence";
    case finish_kind::length: return "max_tokens";
    case finish_kind::calls: return "tool_use";
    case finish_kind::filter:
    case finish_kind::refusal: break;
    }
    return "refusal";
}

json::object print_stop(const said& choice) {
    json::object stop{{"stop_reason", stop_reason(choice)}};
    stop["stop_sequence"] =
        choice.stop_sequence.empty() ? json::value(nullptr) : json::value(choice.stop_sequence);
    stop["stop_details"] = nullptr;
    if (stop_reason(choice) == "refusal") {
        stop["stop_details"] = {
            {"type", "refusal"},
            {"category", "simulated"},
            {"explanation",
             choice.has(part_kind::refusal) ? choice.joined(part_kind::refusal)
                                            : std::string{"The answer was stopped by a filter."}}};
    }
    return stop;
}

json::object print_usage(const answer& made) {
    json::object usage{
        {"input_tokens", made.uncached_tokens()},
        {"cache_creation_input_tokens", made.cache_written_tokens},
        {"cache_read_input_tokens", made.cached_tokens},
        {"cache_creation",
         {{"ephemeral_5m_input_tokens", made.cache_written_tokens},
          {"ephemeral_1h_input_tokens", 0}}},
        {"output_tokens", made.completion_tokens},
        {"service_tier", "standard"},
    };
    if (made.reasoning_tokens > 0)
        usage["output_tokens_details"] = {{"thinking_tokens", made.reasoning_tokens}};
    return usage;
}

json::object print_citation(const part& one, const citation& cited) {
    return {
        {"type", "web_search_result_location"},
        {"cited_text", one.text.substr(cited.begin, cited.end - cited.begin)},
        {"url", citation::url},
        {"title", citation::title},
        {"encrypted_index", "c2ltLWluZGV4"},
    };
}

json::object print_call(const part& one, json::value input) {
    return {
        {"type", "tool_use"},
        {"id", "toolu_" + one.id},
        {"name", one.name},
        {"input", std::move(input)},
    };
}

// Whole, or empty as a stream opens it. A picture has no place in a message.
json::object print_text(const part& one) {
    json::object block{{"type", "text"}, {"text", one.text}};
    json::array list;
    for (const auto& cited : one.citations)
        list.push_back(print_citation(one, cited));
    if (!list.empty()) block["citations"] = std::move(list);
    return block;
}

json::object print_block(const part& one) {
    switch (one.kind) {
    case part_kind::reasoning:
        return {{"type", "thinking"}, {"thinking", one.text}, {"signature", one.signature}};
    case part_kind::redacted: return {{"type", "redacted_thinking"}, {"data", one.text}};
    case part_kind::call: return print_call(one, parse_json(one.text));
    case part_kind::text:
    case part_kind::refusal:
    case part_kind::image: break;
    }
    return print_text(one);
}

json::object open_block(const part& one) {
    auto opened = one;
    opened.citations.clear();
    opened.signature.clear();
    if (one.kind != part_kind::redacted) opened.text = one.kind == part_kind::call ? "{}" : "";
    return print_block(opened);
}

class event_list {
public:
    void add(std::string_view type, json::object more) {
        json::object event{{"type", type}};
        for (auto& member : more)
            event[member.key()] = std::move(member.value());
        events_.push_back(std::move(event));
    }

    void add_block(const part& one) {
        add("content_block_start", {{"index", index_}, {"content_block", open_block(one)}});
        // Anthropic opens the input of every call with an empty piece.
        if (one.kind == part_kind::call) add_delta("input_json_delta", "partial_json", "");
        if (one.kind != part_kind::redacted) {
            for (const auto piece : pieces_of(one))
                add_piece(one.kind, piece);
        }
        for (const auto& cited : one.citations)
            add_delta("citations_delta", "citation", print_citation(one, cited));
        if (one.kind == part_kind::reasoning)
            add_delta("signature_delta", "signature", json::value(one.signature));
        add("content_block_stop", {{"index", index_}});
        ++index_;
    }

    std::vector<json::object> take() { return std::move(events_); }

private:
    void add_delta(std::string_view type, std::string_view name, json::value value) {
        json::object delta{{"type", type}};
        delta[json::string_view{name.data(), name.size()}] = std::move(value);
        add("content_block_delta", {{"index", index_}, {"delta", std::move(delta)}});
    }

    void add_piece(part_kind kind, std::string_view piece) {
        const json::value text(piece);
        if (kind == part_kind::reasoning)
            add_delta("thinking_delta", "thinking", text);
        else if (kind == part_kind::call)
            add_delta("input_json_delta", "partial_json", text);
        else
            add_delta("text_delta", "text", text);
    }

    std::vector<json::object> events_;
    std::size_t index_ = 0;
};

json::object print_head(const message_frame& frame) {
    return {
        {"model", frame.model},
        {"id", frame.id},
        {"type", "message"},
        {"role", "assistant"},
        {"content", json::array{}},
        {"stop_reason", nullptr},
        {"stop_sequence", nullptr},
        {"stop_details", nullptr},
    };
}

}  // namespace

json::object print_message(const answer& made, const message_frame& frame) {
    const auto& choice = made.choices.front();
    auto message = print_head(frame);
    json::array content;
    for (const auto& one : choice.parts) {
        if (one.kind != part_kind::image) content.push_back(print_block(one));
    }
    message["content"] = std::move(content);
    for (auto& member : print_stop(choice))
        message[member.key()] = std::move(member.value());
    message["usage"] = print_usage(made);
    return message;
}

std::vector<json::object> message_events(const answer& made, const message_frame& frame) {
    const auto& choice = made.choices.front();
    event_list events;
    auto message = print_head(frame);
    auto begun = made;
    begun.completion_tokens = 1;
    begun.reasoning_tokens = 0;
    message["usage"] = print_usage(begun);
    events.add("message_start", {{"message", std::move(message)}});
    for (const auto& one : choice.parts) {
        if (one.kind != part_kind::image) events.add_block(one);
    }
    auto usage = print_usage(made);
    usage.erase("cache_creation");
    usage.erase("service_tier");
    events.add("message_delta", {{"delta", print_stop(choice)}, {"usage", std::move(usage)}});
    events.add("message_stop", {});
    return events.take();
}

}  // namespace spillway::bench::sim
