#include "adapters/protocols/gemini/schema.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace spillway::adapters::gemini {

namespace {

using json::value;

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& names, std::string_view name) noexcept {
    return std::ranges::find(names, name) != names.end();
}

constexpr std::array<std::string_view, 20> known_members{
    "$id",
    "$defs",
    "$ref",
    "$anchor",
    "type",
    "format",
    "title",
    "description",
    "enum",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "anyOf",
    "oneOf",
    "properties",
    "additionalProperties",
    "required"};
// What holds schemas by name, and what holds a list of them.
constexpr std::array<std::string_view, 2> named_schemas{"properties", "$defs"};
constexpr std::array<std::string_view, 3> listed_schemas{"anyOf", "oneOf", "prefixItems"};
constexpr std::array<std::string_view, 2> single_schemas{"items", "additionalProperties"};

// Walks a schema and everything in it; `Rules` says what becomes of the other members of a level.
template <class Rules>
class schema_copier {
public:
    explicit schema_copier(std::string& out) noexcept : out_{out} {}

    void schema(value one) {
        if (!one.is_object()) {
            out_.append(one.raw());
            return;
        }
        out_.push_back('{');
        for (const auto [label, inside] : one.members())
            member(one, label, inside);
        out_.push_back('}');
    }

private:
    void name(std::string_view label) {
        if (out_.back() != '{') out_.push_back(',');
        out_.append("\"").append(label).append("\":");
    }

    void member(value level, std::string_view label, value inside) {
        if (is_among(named_schemas, label) && inside.is_object()) {
            name(label);
            out_.push_back('{');
            for (const auto [key, one] : inside.members()) {
                name(key);
                schema(one);
            }
            out_.push_back('}');
        } else if (is_among(listed_schemas, label) && inside.is_array()) {
            name(label);
            char before = '[';
            for (const auto one : inside.elements()) {
                out_.push_back(before);
                schema(one);
                before = ',';
            }
            out_.append(before == '[' ? "[]" : "]");
        } else if (is_among(single_schemas, label)) {
            name(label);
            schema(inside);
        } else {
            Rules::write(level, label, inside, [&](std::string_view as, std::string_view raw) {
                name(as);
                out_.append(raw);
            });
        }
    }

    std::string& out_;
};

struct known_only {
    template <class Write>
    static void write(value, std::string_view label, value inside, Write&& put) {
        if (label == "const") {
            put("enum", "[" + std::string{inside.raw()} + "]");
        } else if (is_among(known_members, label) || label == "propertyOrdering") {
            put(label, inside.raw());
        }
    }
};

struct from_google {
    template <class Write>
    static void write(value level, std::string_view label, value inside, Write&& put) {
        if (label == "nullable") return;
        if (label != "type" || !inside.is_string()) return put(label, inside.raw());
        std::string type{inside.raw()};
        for (char& c : type)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        put("type", level["nullable"].is_true() ? "[" + type + ",\"null\"]" : type);
    }
};

}  // namespace

void write_known_members(value schema, std::string& out) {
    schema_copier<known_only>{out}.schema(schema);
}

void write_json_schema(value schema, std::string& out) {
    schema_copier<from_google>{out}.schema(schema);
}

bool is_without_properties(value schema) noexcept {
    if (!schema.is_object()) return true;
    const auto type = schema["type"];
    const bool is_object = !type || type.equals("object") || type.equals("OBJECT");
    constexpr std::array<std::string_view, 4> others{"$ref", "anyOf", "oneOf", "allOf"};
    for (const auto label : others) {
        if (schema[label]) return false;
    }
    return is_object && schema["properties"].is_empty();
}

}  // namespace spillway::adapters::gemini
