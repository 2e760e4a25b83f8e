#include "bench/sim/dialects/cohere_print.hpp"

#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

std::string_view finish_reason(const said& choice) {
    switch (choice.finish) {
    case finish_kind::stop_sequence: return "STOP_SEQUENCE";
    case finish_kind::length: return "MAX_TOKENS";
    case finish_kind::calls: return "TOOL_CALL";
    case finish_kind::filter: return "ERROR";
    case finish_kind::stop:
    case finish_kind::refusal: break;
    }
    return "COMPLETE";
}

json::object print_usage(const answer& made) {
    json::object tokens{
        {"input_tokens", made.prompt_tokens}, {"output_tokens", made.completion_tokens}};
    if (made.reasoning_tokens > 0) tokens["reasoning_tokens"] = made.reasoning_tokens;
    json::object usage{
        {"billed_units",
         {{"input_tokens", made.uncached_tokens()}, {"output_tokens", made.completion_tokens}}}};
    usage["tokens"] = std::move(tokens);
    usage["cached_tokens"] = made.cached_tokens;
    return usage;
}

bool is_plan(const said& choice, const part& one) {
    return one.kind == part_kind::text && choice.has(part_kind::call);
}

// Pictures and sealed thoughts have no place here.
bool is_content(const said& choice, const part& one) {
    if (one.text.empty() || is_plan(choice, one)) return false;
    return one.kind == part_kind::text || one.kind == part_kind::refusal ||
           one.kind == part_kind::reasoning;
}

json::object print_content(const part& one, std::string_view text) {
    const bool thinks = one.kind == part_kind::reasoning;
    return {{"type", thinks ? "thinking" : "text"}, {thinks ? "thinking" : "text", text}};
}

json::object print_call(const part& one, std::string_view arguments) {
    return {
        {"id", one.name + "_" + one.id},
        {"type", "function"},
        {"function", {{"name", one.name}, {"arguments", arguments}}},
    };
}

json::object print_citation(const part& one, const citation& cited, std::size_t index) {
    const std::string_view text = one.text;
    json::object source{
        {"type", "document"},
        {"id", "doc:0"},
        {"document", {{"id", "doc:0"}, {"title", citation::title}, {"url", citation::url}}}};
    json::object printed{
        {"start", count_code_points(text.substr(0, cited.begin))},
        {"end", count_code_points(text.substr(0, cited.end))},
        {"text", text.substr(cited.begin, cited.end - cited.begin)},
        {"content_index", index},
        {"type", "TEXT_CONTENT"}};
    printed["sources"] = list_of(std::move(source));
    return printed;
}

class event_list {
public:
    void add(std::string_view type, json::object more) {
        json::object event{{"type", type}};
        for (auto& member : more)
            event[member.key()] = std::move(member.value());
        events_.push_back(frame_named(event));
    }

    // What an event says of the message.
    void
    add_delta(std::string_view type, std::size_t index, std::string_view name, json::value value) {
        json::object message;
        message[json::string_view{name.data(), name.size()}] = std::move(value);
        add(type, {{"index", index}, {"delta", {{"message", std::move(message)}}}});
    }

    void add_content(const part& one, std::size_t index) {
        const char* member = one.kind == part_kind::reasoning ? "thinking" : "text";
        add_delta("content-start", index, "content", print_content(one, ""));
        for (const auto piece : pieces_of(one))
            add_delta("content-delta", index, "content", json::object{{member, piece}});
        for (std::size_t i = 0; i < one.citations.size(); ++i) {
            add_delta(
                "citation-start", i, "citations", print_citation(one, one.citations[i], index)
            );
            add("citation-end", {{"index", i}});
        }
        add("content-end", {{"index", index}});
    }

    void add_plan(const part& one) {
        for (const auto piece : pieces_of(one))
            add("tool-plan-delta", {{"delta", {{"message", {{"tool_plan", piece}}}}}});
    }

    void add_call(const part& one, std::size_t index) {
        add_delta("tool-call-start", index, "tool_calls", print_call(one, ""));
        for (const auto piece : pieces_of(one)) {
            add_delta(
                "tool-call-delta",
                index,
                "tool_calls",
                json::object{{"function", {{"arguments", piece}}}}
            );
        }
        add("tool-call-end", {{"index", index}});
    }

    std::vector<std::string> take() { return std::move(events_); }

private:
    std::vector<std::string> events_;
};

reply start_reply(const answer& made) {
    reply started;
    started.prompt_tokens = made.prompt_tokens;
    started.completion_tokens = made.completion_tokens;
    return started;
}

}  // namespace

std::string uuid_of(std::string_view hex) {
    return fmt::format(
        "{}-{}-{}-{}-{}",
        hex.substr(0, 8),
        hex.substr(8, 4),
        hex.substr(12, 4),
        hex.substr(16, 4),
        hex.substr(20, 12)
    );
}

reply print_cohere(const answer& made, const answer_frame& frame) {
    const auto& choice = made.choices.front();
    json::array content;
    json::array calls;
    json::array citations;
    json::object message{{"role", "assistant"}};
    for (const auto& one : choice.parts) {
        if (is_plan(choice, one)) message["tool_plan"] = one.text;
        if (one.kind == part_kind::call) calls.push_back(print_call(one, one.text));
        if (!is_content(choice, one)) continue;
        for (const auto& cited : one.citations)
            citations.push_back(print_citation(one, cited, content.size()));
        content.push_back(print_content(one, one.text));
    }
    if (!content.empty()) message["content"] = std::move(content);
    if (!calls.empty()) message["tool_calls"] = std::move(calls);
    if (!citations.empty()) message["citations"] = std::move(citations);
    json::object body{{"id", uuid_of(frame.id)}};
    body["message"] = std::move(message);
    body["finish_reason"] = finish_reason(choice);
    body["usage"] = print_usage(made);
    auto printed = start_reply(made);
    printed.body = json::serialize(body);
    return printed;
}

reply stream_cohere(const answer& made, const answer_frame& frame) {
    const auto& choice = made.choices.front();
    event_list events;
    json::object message{{"role", "assistant"}, {"content", json::array{}}, {"tool_plan", ""}};
    message["tool_calls"] = json::array{};
    message["citations"] = json::array{};
    events.add(
        "message-start", {{"id", uuid_of(frame.id)}, {"delta", {{"message", std::move(message)}}}}
    );
    std::size_t contents = 0;
    std::size_t calls = 0;
    for (const auto& one : choice.parts) {
        if (is_plan(choice, one)) events.add_plan(one);
        if (one.kind == part_kind::call) events.add_call(one, calls++);
        if (is_content(choice, one)) events.add_content(one, contents++);
    }
    events.add(
        "message-end",
        {{"delta", {{"finish_reason", finish_reason(choice)}, {"usage", print_usage(made)}}}}
    );
    auto printed = start_reply(made);
    printed.is_stream = true;
    printed.content_type = "text/event-stream";
    printed.events = events.take();
    printed.closing = printed.events.back() + frame_data("[DONE]");
    printed.events.pop_back();
    return printed;
}

}  // namespace spillway::bench::sim
