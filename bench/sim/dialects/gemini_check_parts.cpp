#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/dialects/base64.hpp"
#include "bench/sim/dialects/gemini_check.hpp"

#include <fmt/format.h>

#include <cctype>
#include <set>
#include <utility>

namespace spillway::bench::sim {
namespace {

verdict check_schema(const json::value& value, const std::string& where) {
    const auto* schema = value.if_object();
    if (schema == nullptr) return fmt::format("Invalid value at '{}'", where);
    const auto unknown = find_unknown_member(
        *schema, {"type",     "format",        "title",         "description",
                  "nullable", "default",       "items",         "minItems",
                  "maxItems", "enum",          "properties",    "propertyOrdering",
                  "required", "minProperties", "maxProperties", "minimum",
                  "maximum",  "minLength",     "maxLength",     "pattern",
                  "example",  "anyOf"}
    );
    if (unknown) {
        return fmt::format(
            "Invalid JSON payload received. Unknown name \"{}\" at '{}': Cannot find field.",
            *unknown,
            where
        );
    }
    if (const auto* type = value_at(*schema, "type"); type != nullptr && !type->is_string())
        return fmt::format("Proto field is not repeating, cannot start list at '{}.type'.", where);
    const auto* properties = object_at(*schema, "properties");
    const auto type = text_at(*schema, "type");
    if (is_one_of(type, {"object", "OBJECT"}) && (properties == nullptr || properties->empty()))
        return fmt::format("* {}.properties: should be non-empty for OBJECT type", where);
    if (properties != nullptr) {
        for (const auto& member : *properties) {
            const auto inner =
                fmt::format("{}.properties[{}]", where, std::string_view{member.key()});
            if (auto wrong = check_schema(member.value(), inner)) return wrong;
        }
    }
    const auto* items = value_at(*schema, "items");
    return items != nullptr ? check_schema(*items, where + ".items") : verdict{};
}

verdict check_declaration(
    const json::value& value, const std::string& where, std::set<std::string, std::less<>>& names
) {
    const auto* one = value.if_object();
    if (one == nullptr) return fmt::format("Invalid value at '{}'", where);
    const auto name = text_at(*one, "name");
    const bool starts =
        !name.empty() && (name[0] == '_' || std::isalpha(static_cast<unsigned char>(name[0])) != 0);
    if (!starts || !is_name(name, 128, ".:")) {
        return fmt::format(
            "* GenerateContentRequest.{}.name: Invalid function name. Must start with a letter or "
            "an "
            "underscore.",
            where
        );
    }
    if (!names.emplace(name).second)
        return fmt::format("Duplicate function declaration found: {}", name);
    if (one->contains("parameters") && one->contains("parametersJsonSchema"))
        return "Only one of parameters and parameters_json_schema can be set.";
    const auto* schema = value_at(*one, "parameters");
    return schema != nullptr ? check_schema(*schema, where + ".parameters") : verdict{};
}

// One kind of data a part.
std::string_view kind_of(const json::object& part) {
    std::string_view kind;
    for (const auto name :
         {"text",
          "inlineData",
          "fileData",
          "functionCall",
          "functionResponse",
          "executableCode",
          "codeExecutionResult"}) {
        if (!part.contains(name)) continue;
        if (!kind.empty()) return "two";
        kind = name;
    }
    return kind;
}

verdict check_signature(const json::object& part) {
    const auto signature = text_at(part, "thoughtSignature");
    if (signature.empty()) return {};
    if (is_one_of(
            signature, {"skip_thought_signature_validator", "context_engineering_is_the_way_to_go"}
        ))
        return {};
    if (is_signature_of(signature, "") || is_redacted_thought(signature)) return {};
    return "Corrupted thought signature.";
}

verdict check_struct(
    const json::object& part, const char* kind, const char* name, const std::string& where
) {
    const auto& inner = part.at(kind);
    if (!inner.is_object()) return fmt::format("Invalid value at '{}.{}'", where, kind);
    if (text_at(inner.get_object(), "name").empty())
        return fmt::format(
            "* GenerateContentRequest.{}.{}.name: Name cannot be empty.", where, kind
        );
    const auto* value = value_at(inner.get_object(), name);
    if (value == nullptr || value->is_object()) return {};
    return fmt::format(
        "Invalid value at '{}.{}.{}' (type.googleapis.com/google.protobuf.Struct), {}",
        where,
        kind,
        name,
        json::serialize(*value)
    );
}

verdict check_data(const json::object& part, const std::string& where) {
    const auto* data = object_at(part, "inlineData");
    if (data == nullptr) return fmt::format("Invalid value at '{}.inline_data'", where);
    if (text_at(*data, "mimeType").empty())
        return fmt::format("* GenerateContentRequest.{}.inline_data.mime_type: must be set", where);
    if (decode_base64url(text_at(*data, "data"))) return {};
    return fmt::format(
        "Invalid value at '{}.inline_data.data' (TYPE_BYTES), Base64 decoding failed", where
    );
}

verdict check_part(const json::object& part, google_surface surface, const std::string& where) {
    const auto kind = kind_of(part);
    if (kind.empty() || kind == "two") {
        return fmt::format(
            "* GenerateContentRequest.{}.data: required oneof field 'data' must have one "
            "initialized field",
            where
        );
    }
    if (auto wrong = check_signature(part)) return wrong;
    if (kind == "text" && text_at(part, "text").empty() && !part.contains("thoughtSignature"))
        return "Unable to submit request because it must have a text parameter.";
    if (kind == "functionCall") return check_struct(part, "functionCall", "args", where);
    if (kind == "functionResponse")
        return check_struct(part, "functionResponse", "response", where);
    if (kind == "inlineData") return check_data(part, where);
    if (kind == "fileData" && surface == google_surface::studio) {
        const auto* file = object_at(part, "fileData");
        if (file != nullptr && text_at(*file, "fileUri").starts_with("gs://"))
            return "Cannot fetch content from the provided URL.";
    }
    return {};
}

struct turn_facts {
    std::size_t calls = 0;
    std::size_t results = 0;
    bool first_call_is_signed = false;
};

turn_facts facts_of(const json::array& parts) {
    turn_facts facts;
    for (const auto& one : parts) {
        const auto& part = one.get_object();
        if (part.contains("functionResponse")) ++facts.results;
        if (!part.contains("functionCall")) continue;
        if (facts.calls++ == 0) facts.first_call_is_signed = part.contains("thoughtSignature");
    }
    return facts;
}

verdict check_role(const json::object& content, google_surface surface) {
    const auto role = text_at(content, "role");
    const bool may_be_absent = surface == google_surface::studio;
    if (is_one_of(role, {"user", "model"}) || (may_be_absent && is_one_of(role, {"", "function"})))
        return {};
    return "Please use a valid role: user, model.";
}

verdict check_pairs(const turn_facts& before, const turn_facts& now) {
    if (now.results != before.calls) {
        return "Please ensure that the number of function response parts is equal to the number of "
               "function call parts of the function call turn.";
    }
    return {};
}

verdict check_parts(const json::object& content, google_surface surface, std::size_t index) {
    const auto* parts = array_at(content, "parts");
    if (parts == nullptr || parts->empty()) {
        return fmt::format(
            "* GenerateContentRequest.contents[{}].parts: contents.parts must not be empty.", index
        );
    }
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const auto where = fmt::format("contents[{}].parts[{}]", index, i);
        if (!(*parts)[i].is_object()) return fmt::format("Invalid value at '{}'", where);
        if (auto wrong = check_part((*parts)[i].get_object(), surface, where)) return wrong;
    }
    return {};
}

// Where the current turn of the user begins: behind it Gemini 3 wants its signatures back.
std::size_t current_turn(const json::array& contents) {
    for (std::size_t i = contents.size(); i > 0; --i) {
        const auto* content = contents[i - 1].if_object();
        const auto* parts = content != nullptr ? array_at(*content, "parts") : nullptr;
        if (parts == nullptr || text_at(*content, "role") == "model") continue;
        for (const auto& one : *parts)
            if (one.is_object() && !one.get_object().contains("functionResponse")) return i - 1;
    }
    return 0;
}

}  // namespace

verdict check_gemini_tools(const json::object& request) {
    std::set<std::string, std::less<>> names;
    if (const auto* tools = array_at(request, "tools")) {
        for (std::size_t i = 0; i < tools->size(); ++i) {
            if (!(*tools)[i].is_object()) return fmt::format("Invalid value at 'tools[{}]'", i);
            const auto* list = array_at((*tools)[i].get_object(), "functionDeclarations");
            if (list == nullptr) continue;
            for (std::size_t k = 0; k < list->size(); ++k) {
                const auto where = fmt::format("tools[{}].function_declarations[{}]", i, k);
                if (auto wrong = check_declaration((*list)[k], where, names)) return wrong;
            }
        }
    }
    const auto* config = object_at(request, "toolConfig");
    const auto* calling = config != nullptr ? object_at(*config, "functionCallingConfig") : nullptr;
    if (calling == nullptr) return {};
    if (names.empty()) return "Function calling config is set without function_declarations.";
    const auto mode = text_at(*calling, "mode");
    if (!mode.empty() && !is_one_of(mode, {"AUTO", "ANY", "NONE", "VALIDATED", "MODE_UNSPECIFIED"}))
        return fmt::format(
            "Invalid value at 'tool_config.function_calling_config.mode', \"{}\"", mode
        );
    const auto* allowed = array_at(*calling, "allowedFunctionNames");
    if (allowed == nullptr) return {};
    if (!is_one_of(mode, {"ANY", "VALIDATED"}))
        return "Allowed function names can only be set when function calling mode is ANY.";
    for (const auto& one : *allowed) {
        if (!names.contains(text_of(one)))
            return fmt::format(
                "allowed_function_names contains an undeclared function: {}", text_of(one)
            );
    }
    return {};
}

verdict
check_contents(const json::object& request, std::string_view model, google_surface surface) {
    const auto* contents = array_at(request, "contents");
    if (contents == nullptr || contents->empty())
        return "* GenerateContentRequest.contents: contents is not specified";
    turn_facts before;
    const auto current = current_turn(*contents);
    for (std::size_t i = 0; i < contents->size(); ++i) {
        const auto* content = (*contents)[i].if_object();
        if (content == nullptr) return fmt::format("Invalid value at 'contents[{}]'", i);
        if (auto wrong = check_role(*content, surface)) return wrong;
        if (auto wrong = check_parts(*content, surface, i)) return wrong;
        const auto facts = facts_of(content->at("parts").get_array());
        if (facts.calls > 0 && (i == 0 || text_at(*content, "role") != "model"))
            return "Please ensure that function call turn comes immediately after a user turn or "
                   "after a function response turn.";
        if (auto wrong = check_pairs(before, facts)) return wrong;
        if (i > current && model.contains("gemini-3") && facts.calls > 0 &&
            !facts.first_call_is_signed)
            return fmt::format(
                "Function call is missing a thought_signature in functionCall parts. This is "
                "required for tools to "
                "work correctly. Please refer to content block {}.",
                i
            );
        before = facts;
    }
    return check_pairs(before, {});
}

}  // namespace spillway::bench::sim
