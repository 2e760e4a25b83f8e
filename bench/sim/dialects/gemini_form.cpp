#include "bench/sim/dialects/gemini_form.hpp"

#include "bench/sim/dialects/checks.hpp"

#include <algorithm>
#include <cctype>

namespace spillway::bench::sim {
namespace {

std::string camel(std::string_view name) {
    std::string made;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool joint = name[i] == '_' && i > 0 && i + 1 < name.size();
        made += joint ? static_cast<char>(std::toupper(static_cast<unsigned char>(name[++i])))
                      : name[i];
    }
    return made;
}

bool is_callers_own(std::string_view name) {
    return is_one_of(
        name,
        {"args",
         "response",
         "parameters",
         "parametersJsonSchema",
         "responseSchema",
         "responseJsonSchema",
         "responseJsonSchema",
         "labels"}
    );
}

json::value convert(const json::value& value) {
    if (const auto* object = value.if_object()) return to_camel_case(*object);
    const auto* list = value.if_array();
    if (list == nullptr) return value;
    json::array made;
    for (const auto& one : *list)
        made.push_back(convert(one));
    return made;
}

}  // namespace

json::object to_camel_case(const json::object& request) {
    json::object made;
    for (const auto& member : request) {
        const auto name = camel(std::string_view{member.key()});
        made[name] = is_callers_own(name) ? member.value() : convert(member.value());
    }
    return made;
}

json::value to_json_schema(const json::value& schema) {
    if (const auto* list = schema.if_array()) {
        json::array made;
        for (const auto& one : *list)
            made.push_back(to_json_schema(one));
        return made;
    }
    const auto* object = schema.if_object();
    if (object == nullptr) return schema;
    json::object made;
    for (const auto& member : *object) {
        made[member.key()] = to_json_schema(member.value());
        if (member.key() != "type" || !member.value().is_string()) continue;
        std::string type{text_of(member.value())};
        std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        made["type"] = type;
    }
    return made;
}

}  // namespace spillway::bench::sim
