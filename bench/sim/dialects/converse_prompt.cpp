#include "bench/sim/dialects/converse_prompt.hpp"

#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/openai_prompt.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

std::string text_of_result(const json::object& result) {
    std::string text;
    for (const auto& one : result.at("content").get_array()) {
        const auto& block = one.get_object();
        text += text_at(block, "text");
        if (const auto* value = value_at(block, "json")) text += json::serialize(*value);
    }
    return text;
}

void read_block(const json::object& block, prompt& read) {
    if (has_text(block, "text")) read.add_text(text_at(block, "text"));
    if (block.contains("image")) read.add_image();
    if (block.contains("document")) read.add_document();
    if (const auto* call = object_at(block, "toolUse"))
        read.add_call(text_at(*call, "name"), json::serialize(call->at("input")));
    if (const auto* result = object_at(block, "toolResult"))
        read.add_result(text_of_result(*result));
}

void read_tools(const json::object& request, prompt& read) {
    const auto* config = object_at(request, "toolConfig");
    if (config == nullptr) return;
    for (const auto& one : config->at("tools").get_array()) {
        const auto* spec = object_at(one.get_object(), "toolSpec");
        if (spec == nullptr) continue;
        tool declared;
        declared.name = text_at(*spec, "name");
        declared.description = text_at(*spec, "description");
        declared.parameters = spec->at("inputSchema").at("json");
        read.add_tool(std::move(declared));
    }
    const auto* choice = object_at(*config, "toolChoice");
    if (choice == nullptr || choice->contains("auto")) return;
    read.calls = tool_wish::required;
    if (const auto* named = object_at(*choice, "tool")) read.named_tool = text_at(*named, "name");
}

void read_format(const json::object& request, prompt& read) {
    const auto* config = object_at(request, "outputConfig");
    const auto* format = config != nullptr ? object_at(*config, "textFormat") : nullptr;
    const auto* structure = format != nullptr ? object_at(*format, "structure") : nullptr;
    const auto* schema = structure != nullptr ? object_at(*structure, "jsonSchema") : nullptr;
    if (schema != nullptr) read.schema = parse_json(text_at(*schema, "schema"));
}

// What is passed on to a Claude model.
void read_additions(const json::object& request, prompt& read) {
    const auto* more = object_at(request, "additionalModelRequestFields");
    if (more == nullptr) return;
    const auto* thinking = object_at(*more, "thinking");
    if (thinking != nullptr && text_at(*thinking, "type") != "disabled")
        read.reasoning = reasoning_wish::shown;
    if (has_text(*more, "reasoning_effort")) read.reasoning = reasoning_wish::shown;
    const auto* choice = object_at(*more, "tool_choice");
    if (choice != nullptr) read.one_call_only = is_true(*choice, "disable_parallel_tool_use");
}

}  // namespace

prompt read_converse_prompt(const json::object& request, std::string model) {
    prompt read;
    read.model = std::move(model);
    if (const auto* config = object_at(request, "inferenceConfig")) {
        read.most_tokens = count_at(*config, "maxTokens");
        read.stops = read_stops(value_at(*config, "stopSequences"));
    }
    if (const auto* system = array_at(request, "system")) {
        read.begin_turn(speaker::system);
        for (const auto& one : *system)
            read_block(one.get_object(), read);
    }
    for (const auto& one : request.at("messages").get_array()) {
        const auto& message = one.get_object();
        read.begin_turn(text_at(message, "role") == "user" ? speaker::user : speaker::assistant);
        for (const auto& block : message.at("content").get_array())
            read_block(block.get_object(), read);
    }
    read_tools(request, read);
    read_format(request, read);
    read_additions(request, read);
    return read;
}

}  // namespace spillway::bench::sim
