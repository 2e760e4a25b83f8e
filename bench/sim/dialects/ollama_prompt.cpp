#include "bench/sim/dialects/ollama_prompt.hpp"

#include "bench/sim/dialects/base64.hpp"
#include "bench/sim/dialects/openai_prompt.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::bench::sim {
namespace {

// As Go words a value of the wrong type.
std::string unmarshal(std::string_view got, std::string_view field, std::string_view wanted) {
    return fmt::format(
        "json: cannot unmarshal {} into Go struct field ChatRequest.{} of type {}",
        got,
        field,
        wanted
    );
}

std::string_view type_of(const json::value& value) {
    switch (value.kind()) {
    case json::kind::object: return "object";
    case json::kind::array: return "array";
    case json::kind::string: return "string";
    case json::kind::bool_: return "bool";
    default: return "number";
    }
}

verdict check_images(const json::object& holder) {
    const auto* images = array_at(holder, "images");
    if (images == nullptr) return {};
    for (const auto& one : *images) {
        const auto data = text_of(one);
        const bool good = !data.empty() && !data.starts_with("data:") && decode_base64(data);
        if (!good) return "illegal base64 data at input byte 4";
    }
    return {};
}

verdict check_calls(const json::object& message) {
    const auto* calls = array_at(message, "tool_calls");
    if (calls == nullptr) return {};
    for (const auto& one : *calls) {
        const auto* function = one.is_object() ? object_at(one.get_object(), "function") : nullptr;
        if (function == nullptr) return unmarshal("null", "messages.tool_calls.function", "object");
        const auto* arguments = value_at(*function, "arguments");
        if (arguments != nullptr && !arguments->is_object())
            return unmarshal(
                type_of(*arguments), "messages.tool_calls.function.arguments", "object"
            );
    }
    return {};
}

verdict check_options(const json::object& request) {
    const auto* think = value_at(request, "think");
    const bool good_think = think == nullptr || think->is_bool() ||
                            is_one_of(text_of(*think), {"low", "medium", "high", "max"});
    if (!good_think)
        return fmt::format(
            "invalid think value: \"{}\" (must be \"high\", \"medium\", \"low\", true, or false)",
            text_of(*think)
        );
    const auto* format = value_at(request, "format");
    if (format != nullptr && !format->is_object() && text_of(*format) != "json")
        return fmt::format(
            "invalid format: {}; expected \"json\" or a valid JSON Schema object",
            json::serialize(*format)
        );
    const auto* options = object_at(request, "options");
    if (options == nullptr) return {};
    for (const char* name : {"num_predict", "temperature", "top_p", "top_k", "seed", "num_ctx"}) {
        const auto* found = value_at(*options, name);
        if (found != nullptr && !found->is_number())
            return fmt::format("option \"{}\" must be of type number", name);
    }
    const auto* stop = value_at(*options, "stop");
    if (stop == nullptr || stop->is_array()) return {};
    return "option \"stop\" must be of type array";
}

verdict check_message(const json::value& value) {
    const auto* message = value.if_object();
    if (message == nullptr) return unmarshal(type_of(value), "messages", "api.Message");
    if (!is_one_of(text_at(*message, "role"), {"system", "user", "assistant", "tool"}))
        return fmt::format(
            "invalid role: {}, must be one of [system, user, assistant, tool]",
            text_at(*message, "role")
        );
    const auto* content = value_at(*message, "content");
    if (content != nullptr && !content->is_string())
        return unmarshal(type_of(*content), "messages.content", "string");
    if (auto wrong = check_images(*message)) return wrong;
    return check_calls(*message);
}

void read_options(const json::object& request, prompt& read) {
    read.model = text_at(request, "model");
    read.is_stream = !is_false(request, "stream");
    if (const auto* options = object_at(request, "options")) {
        read.most_tokens = count_at(*options, "num_predict");
        read.stops = read_stops(value_at(*options, "stop"));
    }
    read.wants_json = text_at(request, "format") == "json";
    if (const auto* schema = object_at(request, "format")) read.schema = *schema;
    const auto* think = value_at(request, "think");
    const bool thinks = think != nullptr && (think->is_string() || is_true(request, "think"));
    if (thinks) read.reasoning = reasoning_wish::shown;
}

void add_images(const json::object& holder, prompt& read) {
    const auto* images = array_at(holder, "images");
    for (std::size_t i = 0; images != nullptr && i < images->size(); ++i)
        read.add_image();
}

void read_message(const json::object& message, prompt& read) {
    const auto role = text_at(message, "role");
    if (role == "tool") {
        read.begin_turn(speaker::user);
        read.add_result(text_at(message, "content"));
        return;
    }
    read.begin_turn(
        role == "system" ? speaker::system
        : role == "user" ? speaker::user
                         : speaker::assistant
    );
    read.add_text(text_at(message, "content"));
    add_images(message, read);
    const auto* calls = array_at(message, "tool_calls");
    if (calls == nullptr) return;
    for (const auto& one : *calls) {
        const auto& function = one.at("function").get_object();
        const auto* arguments = value_at(function, "arguments");
        read.add_call(
            text_at(function, "name"),
            arguments != nullptr ? json::serialize(*arguments) : std::string{"{}"}
        );
    }
}

}  // namespace

verdict check_ollama_chat(const json::object& request) {
    if (text_at(request, "model").empty()) return "model is required";
    const auto* messages = array_at(request, "messages");
    for (std::size_t i = 0; messages != nullptr && i < messages->size(); ++i)
        if (auto wrong = check_message((*messages)[i])) return wrong;
    const auto* tools = array_at(request, "tools");
    for (std::size_t i = 0; tools != nullptr && i < tools->size(); ++i) {
        const auto* one = (*tools)[i].if_object();
        if (one == nullptr || object_at(*one, "function") == nullptr)
            return unmarshal("null", "tools.function", "api.ToolFunction");
    }
    return check_options(request);
}

verdict check_ollama_generate(const json::object& request) {
    if (text_at(request, "model").empty()) return "model is required";
    const auto* text = value_at(request, "prompt");
    if (text != nullptr && !text->is_string())
        return "json: cannot unmarshal object into Go struct field GenerateRequest.prompt of type "
               "string";
    if (auto wrong = check_images(request)) return wrong;
    return check_options(request);
}

prompt read_ollama_chat(const json::object& request) {
    prompt read;
    read_options(request, read);
    if (const auto* messages = array_at(request, "messages")) {
        for (const auto& one : *messages)
            read_message(one.get_object(), read);
    }
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
    return read;
}

prompt read_ollama_generate(const json::object& request) {
    prompt read;
    read_options(request, read);
    if (has_text(request, "system")) {
        read.begin_turn(speaker::system);
        read.add_text(text_at(request, "system"));
    }
    read.begin_turn(speaker::user);
    read.add_text(text_at(request, "prompt"));
    add_images(request, read);
    return read;
}

}  // namespace spillway::bench::sim
