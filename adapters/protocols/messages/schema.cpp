#include "adapters/protocols/messages/schema.hpp"

#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

constexpr std::string_view any_object = R"({"type":"object","properties":{}})";
constexpr std::array<std::string_view, 3> alternatives{"anyOf", "oneOf", "allOf"};

bool is_alternative(std::string_view name) noexcept {
    return std::ranges::find(alternatives, name) != alternatives.end();
}

// A schema whose root is not a plain object, as one.
class root_merger {
public:
    explicit root_merger(std::string& out) noexcept : out_{out} {}

    void write(json::value root) {
        out_.open().member("type", "object");
        for (const auto [name, value] : root.members()) {
            if (name != "type" && name != "properties" && name != "required" &&
                !is_alternative(name))
                out_.name(name).raw(value.raw());
        }
        out_.name("properties").open();
        properties(root);
        out_.close();
        required(root);
        out_.close();
    }

private:
    void properties(json::value from) {
        for (const auto [name, value] : from["properties"].members()) {
            if (std::ranges::find(seen_, name) != seen_.end()) continue;
            seen_.push_back(name);
            out_.name(name).raw(value.raw());
        }
        for (const auto which : alternatives) {
            for (const auto branch : from[which].elements())
                properties(branch);
        }
    }

    // What the root wants, and all of what must hold at once.
    void required(json::value root) {
        std::string names;
        const auto add = [&names](json::value from) {
            for (const auto one : from["required"].elements()) {
                if (!names.empty()) names.push_back(',');
                names.append(one.raw());
            }
        };
        add(root);
        for (const auto branch : root["allOf"].elements())
            add(branch);
        if (!names.empty()) out_.name("required").raw("[").raw(names).raw("]");
    }

    json::writer out_;
    std::vector<std::string_view> seen_;
};

enum class keyword : std::uint8_t {
    drop,
    tell,
    nested,
    nested_map,
    nested_list,
    format,
    few_items
};
struct keyword_row {
    std::string_view name;
    keyword what;
};
constexpr std::array<keyword_row, 27> keywords{{
    {"$schema", keyword::drop},
    {"$id", keyword::drop},
    {"$comment", keyword::drop},
    {"examples", keyword::drop},
    {"additionalProperties", keyword::drop},
    {"unevaluatedProperties", keyword::drop},
    {"description", keyword::drop},  // written at the end
    {"minimum", keyword::tell},
    {"maximum", keyword::tell},
    {"exclusiveMinimum", keyword::tell},
    {"exclusiveMaximum", keyword::tell},
    {"multipleOf", keyword::tell},
    {"minLength", keyword::tell},
    {"maxLength", keyword::tell},
    {"pattern", keyword::tell},
    {"maxItems", keyword::tell},
    {"uniqueItems", keyword::tell},
    {"minProperties", keyword::tell},
    {"maxProperties", keyword::tell},
    {"items", keyword::nested},
    {"properties", keyword::nested_map},
    {"$defs", keyword::nested_map},
    {"definitions", keyword::nested_map},
    {"anyOf", keyword::nested_list},
    {"allOf", keyword::nested_list},
    {"format", keyword::format},
    {"minItems", keyword::few_items},
}};
constexpr std::array<std::string_view, 9> formats{
    "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6"};

bool is_object_schema(json::value schema) {
    const auto type = schema["type"];
    if (type.equals("object")) return true;
    for (const auto one : type.elements()) {
        if (one.equals("object")) return true;
    }
    return !type && schema["properties"].is_object();
}

class strict_writer {
public:
    explicit strict_writer(std::string& text) noexcept : text_{text} {}

    // Recursion is bounded by the document's depth.
    void schema(json::value from) {
        if (!from.is_object()) {
            text_.append(from.raw());
            return;
        }
        json::writer out{text_};
        std::string told;
        out.open();
        for (const auto [name, value] : from.members())
            member(out, name, value, told);
        if (is_object_schema(from)) out.name("additionalProperties").raw("false");
        describe(out, from["description"].string(), told);
        out.close();
    }

private:
    void member(json::writer& out, std::string_view name, json::value value, std::string& told) {
        if (name == "oneOf") name = "anyOf";
        const auto* row = std::ranges::find(keywords, name, &keyword_row::name);
        if (row == keywords.end()) {
            out.name(name).raw(value.raw());
            return;
        }
        switch (row->what) {
        case keyword::drop: return;
        case keyword::tell: return tell(told, name, value);
        case keyword::nested: out.name(name); return schema(value);
        case keyword::nested_map: return map(out, name, value);
        case keyword::nested_list: return list(out, name, value);
        case keyword::format:
            if (value.equals("uuid") ||
                std::ranges::find(formats, value.string().raw) != formats.end())
                out.name(name).raw(value.raw());
            else
                tell(told, name, value);
            return;
        case keyword::few_items:
            if (value.raw() == "0" || value.raw() == "1")
                out.name(name).raw(value.raw());
            else
                tell(told, name, value);
            return;
        }
    }

    void map(json::writer& out, std::string_view name, json::value value) {
        out.name(name).open();
        for (const auto [label, one] : value.members()) {
            out.name(label);
            schema(one);
        }
        out.close();
    }

    void list(json::writer& out, std::string_view name, json::value value) {
        out.name(name).raw("[");
        bool is_first = true;
        for (const auto one : value.elements()) {
            if (!is_first) text_.push_back(',');
            is_first = false;
            schema(one);
        }
        text_.push_back(']');
    }

    static void tell(std::string& told, std::string_view name, json::value value) {
        if (!told.empty()) told.append(", ");
        told.append(name).append(": ");
        json::append_inside(told, value.raw());
    }

    void describe(json::writer& out, escaped description, std::string_view told) {
        if (description.empty() && told.empty()) return;
        out.name("description").raw("\"").raw(description.raw);
        if (!told.empty()) out.raw(description.empty() ? "(" : " (").raw(told).raw(")");
        text_.push_back('"');
    }

    std::string& text_;
};

}  // namespace

raw_value tool_schema(raw_value parameters, arena& made) {
    if (parameters.empty()) return {any_object};
    const padded_text text{parameters.raw};
    json::document read;
    if (!read.read(text.view()) || !read.root().is_object()) return {any_object};
    const auto root = read.root();
    const bool has_alternatives = std::ranges::any_of(alternatives, [&](std::string_view name) {
        return root[name].is_array();
    });
    if (root["type"].equals("object") && !has_alternatives) return parameters;
    std::string merged;
    root_merger{merged}.write(root);
    return {made.keep(std::move(merged))};
}

raw_value answer_schema(raw_value schema, arena& made) {
    const padded_text text{schema.raw};
    json::document read;
    if (!read.read(text.view())) return {any_object};
    std::string strict;
    strict_writer{strict}.schema(read.root());
    return {made.keep(std::move(strict))};
}

bool describes_object(raw_value schema) {
    const padded_text text{schema.raw};
    json::document read;
    return read.read(text.view()) && is_object_schema(read.root());
}

}  // namespace spillway::adapters::messages
