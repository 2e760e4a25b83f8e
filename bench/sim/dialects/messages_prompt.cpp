#include "bench/sim/dialects/messages_prompt.hpp"

#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/openai_prompt.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

std::string text_of_content(const json::value* content) {
    if (content == nullptr) return {};
    if (content->is_string()) return std::string{text_of(*content)};
    std::string text;
    for (const auto& one : content->get_array())
        text += text_at(one.get_object(), "text");
    return text;
}

void read_block(const json::object& block, prompt& read) {
    const auto type = text_at(block, "type");
    if (type == "text") read.add_text(text_at(block, "text"));
    if (type == "image") read.add_image();
    if (type == "document") read.add_document();
    if (type == "tool_use")
        read.add_call(text_at(block, "name"), json::serialize(block.at("input")));
    if (type == "tool_result") read.add_result(text_of_content(value_at(block, "content")));
}

void read_tools(const json::object& request, prompt& read) {
    if (const auto* tools = array_at(request, "tools")) {
        for (const auto& one : *tools) {
            const auto& object = one.get_object();
            const auto* schema = value_at(object, "input_schema");
            if (schema == nullptr) continue;  // the provider's own tool, which is not called here
            tool declared;
            declared.name = text_at(object, "name");
            declared.description = text_at(object, "description");
            declared.parameters = *schema;
            read.add_tool(std::move(declared));
        }
    }
    const auto* choice = object_at(request, "tool_choice");
    if (choice == nullptr) return;
    const auto type = text_at(*choice, "type");
    if (type == "none") read.calls = tool_wish::none;
    if (type == "any" || type == "tool") read.calls = tool_wish::required;
    if (type == "tool") read.named_tool = text_at(*choice, "name");
    read.one_call_only = is_true(*choice, "disable_parallel_tool_use");
}

void read_wishes(const json::object& request, prompt& read) {
    const auto* thinking = object_at(request, "thinking");
    if (thinking != nullptr && text_at(*thinking, "type") != "disabled") {
        const bool hidden = text_at(*thinking, "display") == "omitted";
        read.reasoning = hidden ? reasoning_wish::hidden : reasoning_wish::shown;
    }
    const auto* config = object_at(request, "output_config");
    const auto* format = config != nullptr ? object_at(*config, "format") : nullptr;
    if (format != nullptr) read.schema = format->at("schema");
}

}  // namespace

prompt read_messages_prompt(const json::object& request, std::string model) {
    prompt read;
    read.model = std::move(model);
    read.is_stream = is_true(request, "stream");
    read.most_tokens = count_at(request, "max_tokens");
    read.stops = read_stops(value_at(request, "stop_sequences"));
    if (const auto* system = value_at(request, "system")) {
        read.begin_turn(speaker::system);
        if (system->is_string()) read.add_text(text_of(*system));
        if (const auto* blocks = system->if_array()) {
            for (const auto& one : *blocks)
                read_block(one.get_object(), read);
        }
    }
    for (const auto& one : request.at("messages").get_array()) {
        const auto& message = one.get_object();
        read.begin_turn(text_at(message, "role") == "user" ? speaker::user : speaker::assistant);
        const auto& content = message.at("content");
        if (content.is_string()) read.add_text(text_of(content));
        if (const auto* blocks = content.if_array()) {
            for (const auto& block : *blocks)
                read_block(block.get_object(), read);
        }
    }
    read_tools(request, read);
    read_wishes(request, read);
    return read;
}

}  // namespace spillway::bench::sim
