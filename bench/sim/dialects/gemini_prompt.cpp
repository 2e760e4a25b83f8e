#include "bench/sim/dialects/gemini_prompt.hpp"

#include "bench/sim/dialects/gemini_form.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/openai_prompt.hpp"

#include <utility>

namespace spillway::bench::sim {
namespace {

// {"output":"text"} is how a result that is only text is usually wrapped.
std::string text_of_result(const json::object& result) {
    const auto* response = object_at(result, "response");
    if (response == nullptr) return {};
    if (response->size() == 1) {
        for (const char* name : {"output", "result", "error"})
            if (has_text(*response, name)) return std::string{text_at(*response, name)};
    }
    return json::serialize(*response);
}

void read_part(const json::object& part, prompt& read) {
    if (part.contains("text") && !is_true(part, "thought")) read.add_text(text_at(part, "text"));
    for (const char* name : {"inlineData", "fileData"}) {
        const auto* data = object_at(part, name);
        if (data == nullptr) continue;
        if (text_at(*data, "mimeType").starts_with("image/"))
            read.add_image();
        else
            read.add_document();
    }
    if (const auto* call = object_at(part, "functionCall")) {
        const auto* args = value_at(*call, "args");
        read.add_call(
            text_at(*call, "name"), args != nullptr ? json::serialize(*args) : std::string{"{}"}
        );
    }
    if (const auto* result = object_at(part, "functionResponse"))
        read.add_result(text_of_result(*result));
}

void read_parts(const json::object& content, prompt& read) {
    const auto* parts = array_at(content, "parts");
    if (parts == nullptr) return;
    for (const auto& one : *parts)
        if (one.is_object()) read_part(one.get_object(), read);
}

void read_declarations(const json::object& request, prompt& read) {
    const auto* tools = array_at(request, "tools");
    if (tools == nullptr) return;
    for (const auto& entry : *tools) {
        const auto* list = array_at(entry.get_object(), "functionDeclarations");
        if (list == nullptr) continue;
        for (const auto& one : *list) {
            const auto& object = one.get_object();
            tool declared;
            declared.name = text_at(object, "name");
            declared.description = text_at(object, "description");
            if (const auto* schema = value_at(object, "parameters"))
                declared.parameters = to_json_schema(*schema);
            if (const auto* schema = value_at(object, "parametersJsonSchema"))
                declared.parameters = *schema;
            read.add_tool(std::move(declared));
        }
    }
}

void read_choice(const json::object& request, prompt& read) {
    const auto* config = object_at(request, "toolConfig");
    const auto* calling = config != nullptr ? object_at(*config, "functionCallingConfig") : nullptr;
    if (calling == nullptr) return;
    const auto mode = text_at(*calling, "mode");
    if (mode == "NONE") read.calls = tool_wish::none;
    if (mode == "ANY") read.calls = tool_wish::required;
    const auto* allowed = array_at(*calling, "allowedFunctionNames");
    if (allowed == nullptr || allowed->empty()) return;
    if (allowed->size() == 1) read.named_tool = text_of(allowed->front());
    std::erase_if(read.tools, [&](const tool& one) {
        for (const auto& name : *allowed)
            if (text_of(name) == one.name) return false;
        return true;
    });
}

void read_thinking(const json::object& config, prompt& read) {
    const auto* thinking = object_at(config, "thinkingConfig");
    if (thinking == nullptr) return;
    const bool off = number_at(*thinking, "thinkingBudget") == 0.0;
    read.reasoning = reasoning_wish::hidden;
    if (is_true(*thinking, "includeThoughts")) read.reasoning = reasoning_wish::shown;
    if (off) read.reasoning = reasoning_wish::none;
}

void read_config(const json::object& request, prompt& read) {
    const auto* config = object_at(request, "generationConfig");
    if (config == nullptr) return;
    read.choices = count_at(*config, "candidateCount").value_or(1);
    read.most_tokens = count_at(*config, "maxOutputTokens");
    read.stops = read_stops(value_at(*config, "stopSequences"));
    read.wants_json = text_at(*config, "responseMimeType") == "application/json";
    if (const auto* schema = value_at(*config, "responseSchema"))
        read.schema = to_json_schema(*schema);
    if (const auto* schema = value_at(*config, "responseJsonSchema")) read.schema = *schema;
    read_thinking(*config, read);
}

}  // namespace

std::string text_of_gemini_content(const json::value* content) {
    std::string text;
    const auto* object = content != nullptr ? content->if_object() : nullptr;
    const auto* parts = object != nullptr ? array_at(*object, "parts") : nullptr;
    if (parts == nullptr) return text;
    for (const auto& one : *parts)
        if (one.is_object()) text += text_at(one.get_object(), "text");
    return text;
}

prompt read_gemini_prompt(const json::object& request, std::string model) {
    prompt read;
    // The third generation cannot be kept from thinking.
    if (model.contains("gemini-3")) read.reasoning = reasoning_wish::hidden;
    read.model = std::move(model);
    if (const auto* system = object_at(request, "systemInstruction")) {
        read.begin_turn(speaker::system);
        read_parts(*system, read);
    }
    for (const auto& one : request.at("contents").get_array()) {
        const auto& content = one.get_object();
        read.begin_turn(text_at(content, "role") == "model" ? speaker::assistant : speaker::user);
        read_parts(content, read);
    }
    read_declarations(request, read);
    read_choice(request, read);
    read_config(request, read);
    return read;
}

}  // namespace spillway::bench::sim
