#include "bench/sim/dialects/responses_prompt.hpp"

#include "bench/sim/dialects/json_view.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

speaker speaker_of(std::string_view role) {
    if (role == "system" || role == "developer") return speaker::system;
    return role == "assistant" ? speaker::assistant : speaker::user;
}

std::string text_of_output(const json::object& item) {
    if (has_text(item, "output")) return std::string{text_at(item, "output")};
    std::string text;
    if (const auto* parts = array_at(item, "output")) {
        for (const auto& one : *parts)
            if (one.is_object()) text += text_at(one.get_object(), "text");
    }
    return text;
}

void read_part(const json::object& part, prompt& read) {
    const auto type = text_at(part, "type");
    if (type == "input_image")
        read.add_image();
    else if (type == "input_file")
        read.add_document();
    else
        read.add_text(type == "refusal" ? text_at(part, "refusal") : text_at(part, "text"));
}

void read_item(const json::object& item, prompt& read) {
    const auto type = text_at(item, "type");
    if (type == "function_call") {
        read.begin_turn(speaker::assistant);
        read.add_call(text_at(item, "name"), text_at(item, "arguments"));
    } else if (type == "function_call_output") {
        read.begin_turn(speaker::user);
        read.add_result(text_of_output(item));
    } else if (type != "reasoning") {
        read.begin_turn(speaker_of(text_at(item, "role")));
        if (has_text(item, "content")) read.add_text(text_at(item, "content"));
        if (const auto* parts = array_at(item, "content")) {
            for (const auto& one : *parts)
                read_part(one.get_object(), read);
        }
    }
}

void read_tools(const json::object& request, prompt& read) {
    if (const auto* tools = array_at(request, "tools")) {
        for (const auto& one : *tools) {
            const auto& object = one.get_object();
            if (text_at(object, "type") != "function") continue;
            tool declared;
            declared.name = text_at(object, "name");
            declared.description = text_at(object, "description");
            if (const auto* schema = value_at(object, "parameters")) declared.parameters = *schema;
            read.add_tool(std::move(declared));
        }
    }
    const auto choice = text_at(request, "tool_choice");
    if (choice == "none") read.calls = tool_wish::none;
    if (choice == "required") read.calls = tool_wish::required;
    const auto* named = object_at(request, "tool_choice");
    if (named != nullptr && text_at(*named, "type") == "function") {
        read.calls = tool_wish::required;
        read.named_tool = text_at(*named, "name");
    }
    read.one_call_only = is_false(request, "parallel_tool_calls");
}

// Reasoning is counted always and shown as a summary when one was asked for.
void read_wishes(const json::object& request, prompt& read) {
    if (const auto* reasoning = object_at(request, "reasoning")) {
        const auto effort = text_at(*reasoning, "effort");
        if (!effort.empty() && effort != "none") read.reasoning = reasoning_wish::hidden;
        if (has_text(*reasoning, "summary") && effort != "none")
            read.reasoning = reasoning_wish::shown;
    }
    const auto* text = object_at(request, "text");
    const auto* format = text != nullptr ? object_at(*text, "format") : nullptr;
    if (format == nullptr) return;
    read.wants_json = text_at(*format, "type") == "json_object";
    if (const auto* schema = value_at(*format, "schema")) read.schema = *schema;
}

}  // namespace

prompt read_responses_prompt(const json::object& request) {
    prompt read;
    read.model = text_at(request, "model");
    read.is_stream = is_true(request, "stream");
    read.most_tokens = count_at(request, "max_output_tokens");
    if (has_text(request, "instructions")) {
        read.begin_turn(speaker::system);
        read.add_text(text_at(request, "instructions"));
    }
    const auto& input = request.at("input");
    if (input.is_string()) {
        read.begin_turn(speaker::user);
        read.add_text(text_of(input));
    } else {
        for (const auto& one : input.get_array())
            read_item(one.get_object(), read);
    }
    read_tools(request, read);
    read_wishes(request, read);
    return read;
}

}  // namespace spillway::bench::sim
