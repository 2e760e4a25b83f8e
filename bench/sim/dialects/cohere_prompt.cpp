#include "bench/sim/dialects/cohere_prompt.hpp"

#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/openai_prompt.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

// A document's data is a text or an object; {"content":"…"} is how a plain text is wrapped.
std::string text_of_document(const json::object& part) {
    const auto* document = object_at(part, "document");
    const auto* data = document != nullptr ? value_at(*document, "data") : nullptr;
    if (data == nullptr) return std::string{text_at(part, "text")};
    if (data->is_string()) return std::string{text_of(*data)};
    const auto* object = data->if_object();
    if (object != nullptr && object->size() == 1 && has_text(*object, "content"))
        return std::string{text_at(*object, "content")};
    return json::serialize(*data);
}

void read_content(const json::object& message, prompt& read) {
    if (has_text(message, "content")) read.add_text(text_at(message, "content"));
    const auto* parts = array_at(message, "content");
    if (parts == nullptr) return;
    for (const auto& one : *parts) {
        const auto& part = one.get_object();
        if (text_at(part, "type") == "image_url")
            read.add_image();
        else
            read.add_text(text_at(part, "text"));
    }
}

void read_message(const json::object& message, prompt& read) {
    const auto role = text_at(message, "role");
    if (role == "tool") {
        read.begin_turn(speaker::user);
        std::string text{text_at(message, "content")};
        if (const auto* parts = array_at(message, "content")) {
            for (const auto& one : *parts)
                text += text_of_document(one.get_object());
        }
        read.add_result(text);
        return;
    }
    read.begin_turn(
        role == "system" ? speaker::system
        : role == "user" ? speaker::user
                         : speaker::assistant
    );
    read_content(message, read);
    const auto* calls = array_at(message, "tool_calls");
    if (calls == nullptr) return;
    for (const auto& one : *calls) {
        const auto& function = one.at("function").get_object();
        read.add_call(text_at(function, "name"), text_at(function, "arguments"));
    }
}

void read_tools(const json::object& request, prompt& read) {
    if (const auto* tools = array_at(request, "tools")) {
        for (const auto& one : *tools) {
            const auto& function = one.at("function").get_object();
            tool declared;
            declared.name = text_at(function, "name");
            declared.description = text_at(function, "description");
            if (const auto* schema = value_at(function, "parameters"))
                declared.parameters = *schema;
            read.add_tool(std::move(declared));
        }
    }
    if (text_at(request, "tool_choice") == "REQUIRED") read.calls = tool_wish::required;
    if (text_at(request, "tool_choice") == "NONE") read.calls = tool_wish::none;
}

}  // namespace

prompt read_cohere_prompt(const json::object& request) {
    prompt read;
    read.model = text_at(request, "model");
    read.is_stream = is_true(request, "stream");
    read.most_tokens = count_at(request, "max_tokens");
    read.stops = read_stops(value_at(request, "stop_sequences"));
    for (const auto& one : request.at("messages").get_array())
        read_message(one.get_object(), read);
    read_tools(request, read);
    if (const auto* format = object_at(request, "response_format")) {
        read.wants_json = text_at(*format, "type") == "json_object";
        if (const auto* schema = value_at(*format, "json_schema")) read.schema = *schema;
    }
    const auto* thinking = object_at(request, "thinking");
    if (thinking != nullptr && text_at(*thinking, "type") == "enabled")
        read.reasoning = reasoning_wish::shown;
    return read;
}

}  // namespace spillway::bench::sim
