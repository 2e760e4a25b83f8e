#include "bench/sim/dialects/gemini_check.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {
namespace {

std::string unknown_name(std::string_view name, std::string_view where) {
    const auto place = where.empty() ? std::string{} : fmt::format(" at '{}'", where);
    return fmt::format(
        "Invalid JSON payload received. Unknown name \"{}\"{}: Cannot find field.", name, place
    );
}

verdict check_members(const json::object& request, google_surface surface) {
    const auto unknown = find_unknown_member(
        request,
        {"contents",
         "systemInstruction",
         "tools",
         "toolConfig",
         "generationConfig",
         "safetySettings",
         "cachedContent",
         "model",
         "labels",
         "serviceTier",
         "modelArmorConfig"}
    );
    if (unknown) return unknown_name(*unknown, "");
    const bool studio = surface == google_surface::studio;
    for (const char* name : {"labels", "modelArmorConfig"})
        if (studio && request.contains(name)) return unknown_name(name, "");
    if (!studio && request.contains("serviceTier")) return unknown_name("serviceTier", "");
    return {};
}

verdict check_range(const json::object& config, const char* name, double least, double most) {
    const auto* found = value_at(config, name);
    if (found == nullptr) return {};
    if (!found->is_number())
        return fmt::format("Invalid value at 'generation_config.{}' (TYPE_FLOAT)", name);
    const auto number = found->to_number<double>();
    if (number >= least && number <= most) return {};
    return fmt::format(
        "Unable to submit request because it has a {} value of {} but the supported range is from "
        "{} (inclusive) to {} (inclusive). Update the value and try again.",
        name,
        number,
        least,
        most
    );
}

verdict check_thinking(const json::object& config) {
    const auto* thinking = object_at(config, "thinkingConfig");
    if (thinking == nullptr) return {};
    const auto unknown =
        find_unknown_member(*thinking, {"includeThoughts", "thinkingBudget", "thinkingLevel"});
    if (unknown) return unknown_name(*unknown, "generation_config.thinking_config");
    const bool has_level = has_text(*thinking, "thinkingLevel");
    if (has_level && thinking->contains("thinkingBudget"))
        return "You can only set only one of thinking budget and thinking level.";
    std::string level{text_at(*thinking, "thinkingLevel")};
    for (auto& c : level)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (has_level && !is_one_of(level, {"MINIMAL", "LOW", "MEDIUM", "HIGH"}))
        return fmt::format(
            "Invalid value at 'generation_config.thinking_config.thinking_level', \"{}\"", level
        );
    return {};
}

verdict check_format(const json::object& config) {
    const bool has_schema = config.contains("responseSchema");
    const bool has_json_schema = config.contains("responseJsonSchema");
    if (has_schema && has_json_schema)
        return "Only one of response_schema and response_json_schema can be set.";
    const auto type = text_at(config, "responseMimeType");
    if (!type.empty() && !is_one_of(type, {"text/plain", "application/json", "text/x.enum"})) {
        return "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes "
               "are `text/plain`, `application/json`, `application/xml`, `application/yaml` and "
               "`text/x.enum`.";
    }
    if ((has_schema || has_json_schema) && !is_one_of(type, {"application/json", "text/x.enum"})) {
        return "* GenerateContentRequest.generation_config.response_schema: only allowed when "
               "response_mime_type is `application/json` or `text/x.enum`";
    }
    return {};
}

verdict check_config(const json::object& request) {
    const auto* config = object_at(request, "generationConfig");
    if (config == nullptr) return {};
    const auto unknown = find_unknown_member(
        *config,
        {"temperature",
         "topP",
         "topK",
         "candidateCount",
         "maxOutputTokens",
         "stopSequences",
         "seed",
         "presencePenalty",
         "frequencyPenalty",
         "responseMimeType",
         "responseSchema",
         "responseJsonSchema",
         "responseModalities",
         "thinkingConfig",
         "responseLogprobs",
         "logprobs",
         "mediaResolution",
         "speechConfig",
         "imageConfig",
         "audioTimestamp",
         "enableAffectiveDialog",
         "routingConfig"}
    );
    if (unknown) return unknown_name(*unknown, "generation_config");
    if (auto wrong = check_range(*config, "temperature", 0, 2)) return wrong;
    if (auto wrong = check_range(*config, "topP", 0, 1)) return wrong;
    if (auto wrong = check_range(*config, "candidateCount", 1, 8)) return wrong;
    if (auto wrong = check_range(*config, "maxOutputTokens", 1, 1e9)) return wrong;
    if (const auto* stops = array_at(*config, "stopSequences");
        stops != nullptr && stops->size() > 5)
        return "Unable to submit request because it has more than 5 stop sequences.";
    if (auto wrong = check_thinking(*config)) return wrong;
    return check_format(*config);
}

verdict check_safety(const json::object& request) {
    const auto* settings = array_at(request, "safetySettings");
    if (settings == nullptr) return {};
    for (const auto& one : *settings) {
        const auto* object = one.if_object();
        if (object == nullptr || !text_at(*object, "category").starts_with("HARM_CATEGORY_"))
            return "Invalid value at 'safety_settings[0].category'";
        if (!is_one_of(
                text_at(*object, "threshold"),
                {"BLOCK_LOW_AND_ABOVE",
                 "BLOCK_MEDIUM_AND_ABOVE",
                 "BLOCK_ONLY_HIGH",
                 "BLOCK_NONE",
                 "OFF"}
            ))
            return "Invalid value at 'safety_settings[0].threshold'";
    }
    return {};
}

verdict check_system(const json::object& request) {
    const auto* value = value_at(request, "systemInstruction");
    if (value == nullptr) return {};
    const auto* system = value->if_object();
    const auto* parts = system != nullptr ? array_at(*system, "parts") : nullptr;
    if (parts == nullptr) return "Invalid value at 'system_instruction'";
    for (const auto& one : *parts) {
        if (!one.is_object() || text_at(one.get_object(), "text").empty())
            return "* GenerateContentRequest.system_instruction.parts: must have text";
    }
    return {};
}

}  // namespace

verdict check_gemini(const json::object& request, std::string_view model, google_surface surface) {
    if (auto wrong = check_members(request, surface)) return wrong;
    if (auto wrong = check_config(request)) return wrong;
    if (auto wrong = check_safety(request)) return wrong;
    if (auto wrong = check_system(request)) return wrong;
    if (auto wrong = check_gemini_tools(request)) return wrong;
    if (request.contains("cachedContent")) {
        for (const char* name : {"systemInstruction", "tools", "toolConfig"}) {
            if (request.contains(name))
                return "CachedContent can not be used with GenerateContent request setting "
                       "system_instruction, tools or tool_config.";
        }
    }
    return check_contents(request, model, surface);
}

}  // namespace spillway::bench::sim
