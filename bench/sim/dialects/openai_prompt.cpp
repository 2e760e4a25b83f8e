#include "bench/sim/dialects/openai_prompt.hpp"

#include "bench/sim/dialects/json_view.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace spillway::bench::sim {
namespace {

speaker speaker_of(std::string_view role) {
    if (role == "system" || role == "developer") return speaker::system;
    return role == "assistant" ? speaker::assistant : speaker::user;
}

std::string text_of_parts(const json::array& parts) {
    std::string text;
    for (const auto& one : parts)
        if (one.is_object()) text += text_at(one.get_object(), "text");
    return text;
}

void read_part(const json::object& one, prompt& read) {
    const auto type = text_at(one, "type");
    if (type == "image_url")
        read.add_image();
    else if (type == "file")
        read.add_document();
    else
        read.add_text(text_at(one, "text"));
}

void read_message(const json::object& message, prompt& read) {
    const auto role = text_at(message, "role");
    const auto* content = value_at(message, "content");
    const auto* parts = content != nullptr ? content->if_array() : nullptr;
    read.begin_turn(speaker_of(role));
    if (role == "tool" || role == "function") {
        read.add_result(parts != nullptr ? text_of_parts(*parts) : text_at(message, "content"));
        return;
    }
    if (content != nullptr && content->is_string()) read.add_text(text_of(*content));
    if (parts != nullptr) {
        for (const auto& one : *parts)
            if (one.is_object()) read_part(one.get_object(), read);
    }
    const auto* calls = array_at(message, "tool_calls");
    if (calls == nullptr) return;
    for (const auto& call : *calls) {
        const auto* function =
            call.is_object() ? object_at(call.get_object(), "function") : nullptr;
        if (function != nullptr)
            read.add_call(text_at(*function, "name"), text_at(*function, "arguments"));
    }
}

void read_tools(const json::object& request, prompt& read) {
    if (const auto* tools = array_at(request, "tools")) {
        for (const auto& one : *tools) {
            const auto& function = one.get_object().at("function").get_object();
            tool declared;
            declared.name = text_at(function, "name");
            declared.description = text_at(function, "description");
            if (const auto* schema = value_at(function, "parameters"))
                declared.parameters = *schema;
            read.add_tool(std::move(declared));
        }
    }
    const auto choice = text_at(request, "tool_choice");
    if (choice == "none") read.calls = tool_wish::none;
    if (choice == "required") read.calls = tool_wish::required;
    if (const auto* named = object_at(request, "tool_choice")) {
        if (const auto* function = object_at(*named, "function")) {
            read.calls = tool_wish::required;
            read.named_tool = text_at(*function, "name");
        }
    }
    read.one_call_only = is_false(request, "parallel_tool_calls");
}

void read_format(const json::object& request, prompt& read) {
    const auto* format = object_at(request, "response_format");
    if (format == nullptr) return;
    read.wants_json = text_at(*format, "type") == "json_object";
    const auto* named = object_at(*format, "json_schema");
    if (named == nullptr) return;
    if (const auto* schema = value_at(*named, "schema")) read.schema = *schema;
}

}  // namespace

std::vector<std::string> read_stops(const json::value* stop) {
    std::vector<std::string> stops;
    if (stop != nullptr && stop->is_string()) stops.emplace_back(text_of(*stop));
    if (stop != nullptr && stop->is_array()) {
        for (const auto& one : stop->get_array())
            if (one.is_string()) stops.emplace_back(text_of(one));
    }
    return stops;
}

prompt read_chat_prompt(const json::object& request) {
    prompt read;
    read.model = text_at(request, "model");
    read.is_stream = is_true(request, "stream");
    read.choices = count_at(request, "n").value_or(1);
    read.most_tokens = count_at(request, "max_completion_tokens");
    if (!read.most_tokens) read.most_tokens = count_at(request, "max_tokens");
    read.stops = read_stops(value_at(request, "stop"));
    const auto effort = text_at(request, "reasoning_effort");
    // OpenAI counts reasoning and does not show it.
    if (!effort.empty() && effort != "none") read.reasoning = reasoning_wish::hidden;
    for (const auto& message : request.at("messages").get_array())
        read_message(message.get_object(), read);
    read_tools(request, read);
    read_format(request, read);
    return read;
}

}  // namespace spillway::bench::sim
