#include "bench/sim/dialects/cohere_check.hpp"

#include <fmt/format.h>

#include <set>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t most_stops = 5;
constexpr std::size_t most_texts = 96;

verdict check_range(const json::object& request, const char* name, double least, double most) {
    const auto* found = value_at(request, name);
    if (found == nullptr) return {};
    const auto number = found->is_number() ? found->to_number<double>() : least - 1;
    if (number >= least && number <= most) return {};
    return fmt::format(
        "invalid request: {} must be between {} and {} inclusive.", name, least, most
    );
}

using call_ids = std::set<std::string, std::less<>>;

verdict check_assistant(const json::object& message, const std::string& where, call_ids& open) {
    const auto* calls = array_at(message, "tool_calls");
    if (calls == nullptr || calls->empty()) {
        if (value_at(message, "content") != nullptr) return {};
        return fmt::format(
            "invalid request: {}: an assistant message needs content or tool calls.", where
        );
    }
    for (const auto& one : *calls) {
        const auto* call = one.if_object();
        const auto* function = call != nullptr ? object_at(*call, "function") : nullptr;
        if (function == nullptr || text_at(*call, "id").empty() ||
            text_at(*function, "name").empty())
            return fmt::format(
                "invalid request: {}.tool_calls: id and function are required.", where
            );
        if (!parse_json(text_at(*function, "arguments")).is_object())
            return fmt::format(
                "invalid request: {}.tool_calls: arguments must be a JSON object.", where
            );
        open.emplace(text_at(*call, "id"));
    }
    return {};
}

verdict check_parts(const json::object& message, const std::string& where) {
    const auto* value = value_at(message, "content");
    if (value == nullptr || (value->is_string() && text_of(*value).empty()))
        return fmt::format(
            "invalid request: message at index {} must have non-empty content.", where
        );
    const auto* parts = value->if_array();
    if (parts == nullptr) return {};
    for (const auto& one : *parts) {
        const auto type = one.is_object() ? text_at(one.get_object(), "type") : std::string_view{};
        if (!is_one_of(type, {"text", "image_url", "document", "thinking"}))
            return fmt::format("invalid request: {}: unknown content type '{}'.", where, type);
    }
    return {};
}

verdict check_message(const json::value& value, std::size_t index, call_ids& open) {
    const auto where = fmt::format("messages[{}]", index);
    const auto* message = value.if_object();
    if (message == nullptr) return fmt::format("invalid type: parameter {} is no object.", where);
    const auto role = text_at(*message, "role");
    if (!is_one_of(role, {"system", "user", "assistant", "tool"}))
        return fmt::format("invalid request: '{}' is no role of {}.", role, where);
    if (role == "tool") {
        if (open.erase(std::string{text_at(*message, "tool_call_id")}) == 0)
            return fmt::format(
                "invalid request: {}: tool call id is not of a preceding tool call.", where
            );
        return check_parts(*message, where);
    }
    if (!open.empty())
        return fmt::format("invalid request: missing tool result for tool call {}.", *open.begin());
    return role == "assistant" ? check_assistant(*message, where, open)
                               : check_parts(*message, where);
}

verdict check_messages_list(const json::object& request) {
    const auto* messages = array_at(request, "messages");
    if (messages == nullptr || messages->empty())
        return "invalid request: list of messages must not be empty.";
    call_ids open;
    for (std::size_t i = 0; i < messages->size(); ++i)
        if (auto wrong = check_message((*messages)[i], i, open)) return wrong;
    const auto last = text_at(messages->back().get_object(), "role");
    if (is_one_of(last, {"user", "tool"})) return {};
    return "invalid request: the last message must be of role user or tool.";
}

verdict check_wishes(const json::object& request) {
    const auto* tools = array_at(request, "tools");
    const auto choice = text_at(request, "tool_choice");
    if (request.contains("tool_choice") && !is_one_of(choice, {"REQUIRED", "NONE"}))
        return "invalid request: tool_choice must be REQUIRED or NONE.";
    if (!choice.empty() && tools == nullptr) return "invalid request: tool_choice needs tools.";
    const auto* format = object_at(request, "response_format");
    if (format != nullptr && !is_one_of(text_at(*format, "type"), {"text", "json_object"}))
        return "invalid request: response_format type must be text or json_object.";
    const bool wants_json = format != nullptr && text_at(*format, "type") == "json_object";
    if (wants_json && (tools != nullptr || request.contains("documents")))
        return "invalid request: response_format is not supported with tools or documents.";
    for (std::size_t i = 0; tools != nullptr && i < tools->size(); ++i) {
        const auto* one = (*tools)[i].if_object();
        const auto* function = one != nullptr ? object_at(*one, "function") : nullptr;
        if (function == nullptr || text_at(*function, "name").empty())
            return fmt::format("invalid request: tools[{}].function is required.", i);
    }
    const auto* thinking = object_at(request, "thinking");
    if (thinking != nullptr && !is_one_of(text_at(*thinking, "type"), {"enabled", "disabled"}))
        return "invalid request: thinking type must be enabled or disabled.";
    return {};
}

}  // namespace

verdict check_cohere_chat(const json::object& request) {
    const auto unknown = find_unknown_member(
        request,
        {"model",
         "messages",
         "tools",
         "strict_tools",
         "documents",
         "citation_options",
         "response_format",
         "safety_mode",
         "max_tokens",
         "stop_sequences",
         "temperature",
         "seed",
         "frequency_penalty",
         "presence_penalty",
         "k",
         "p",
         "logprobs",
         "tool_choice",
         "thinking",
         "priority",
         "stream"}
    );
    if (unknown) return fmt::format("unknown field: parameter '{}' is not a valid field", *unknown);
    if (auto wrong = check_range(request, "temperature", 0, 1)) return wrong;
    if (auto wrong = check_range(request, "p", 0.01, 0.99)) return wrong;
    if (auto wrong = check_range(request, "k", 0, 500)) return wrong;
    if (auto wrong = check_range(request, "frequency_penalty", 0, 1)) return wrong;
    if (auto wrong = check_range(request, "presence_penalty", 0, 1)) return wrong;
    if (auto wrong = check_range(request, "max_tokens", 1, 1e9)) return wrong;
    if (const auto* stops = array_at(request, "stop_sequences");
        stops != nullptr && stops->size() > most_stops)
        return "invalid request: stop_sequences cannot have more than 5 elements.";
    if (auto wrong = check_wishes(request)) return wrong;
    return check_messages_list(request);
}

verdict check_cohere_embed(const json::object& request) {
    const auto type = text_at(request, "input_type");
    if (!is_one_of(
            type, {"search_document", "search_query", "classification", "clustering", "image"}
        ))
        return "invalid request: valid input_type must be provided with the provided model";
    const auto* texts = array_at(request, "texts");
    const auto* inputs = array_at(request, "inputs");
    if ((texts == nullptr || texts->empty()) && (inputs == nullptr || inputs->empty()))
        return "invalid request: one of texts, images or inputs must be specified.";
    if (texts != nullptr && texts->size() > most_texts)
        return "invalid request: total number of texts must be at most 96.";
    const auto* forms = array_at(request, "embedding_types");
    for (std::size_t i = 0; forms != nullptr && i < forms->size(); ++i) {
        if (!is_one_of(text_of((*forms)[i]), {"float", "base64"}))
            return fmt::format(
                "invalid request: '{}' is no embedding type served here.", text_of((*forms)[i])
            );
    }
    return {};
}

verdict check_cohere_rerank(const json::object& request) {
    if (!has_text(request, "query")) return "invalid request: query must be provided.";
    const auto* documents = array_at(request, "documents");
    if (documents == nullptr || documents->empty())
        return "invalid request: list of documents must not be empty";
    for (const auto& one : *documents)
        if (!one.is_string()) return "invalid type: documents must be texts.";
    return check_range(request, "top_n", 1, 1e6);
}

}  // namespace spillway::bench::sim
