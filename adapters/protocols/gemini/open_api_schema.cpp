#include "adapters/json/writer.hpp"
#include "adapters/protocols/gemini/schema.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace spillway::adapters::gemini {

namespace {

using json::kind;
using json::value;

constexpr std::size_t most_depth = 64;
// References put in their places may grow without measure: beyond this, what is left becomes plain objects.
constexpr std::size_t most_growth = 256 * 1024;

constexpr std::array<std::string_view, 10> copied_members{
    "title",
    "description",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "propertyOrdering"};
constexpr std::array<std::string_view, 6> known_formats{
    "enum", "date-time", "float", "double", "int32", "int64"};

bool is_null_type(value schema) noexcept {
    return schema["type"].equals("null");
}

// The members of one level, wherever they stand: in the schema, in what it refers to, in its allOf.
class open_api_writer {
public:
    open_api_writer(value root, std::string& out) noexcept
        : root_{root}
        , out_{out}
        , most_size_{out.size() + most_growth} {}

    void schema(value one, bool nullable = false) {
        if (!one.is_object() || open_.size() > most_depth || out_.size() > most_size_) {
            out_.append(R"({"type":"object"})");
            return;
        }
        const auto depth = open_.size();
        std::vector<value> levels;
        if (!gather(one, levels)) {
            out_.append(R"({"type":"object"})");
        } else {
            body(levels, nullable);
        }
        open_.resize(depth);
    }

private:
    using levels_view = const std::vector<value>&;

    // False: the reference leads back to where we are, or nowhere.
    bool gather(value one, std::vector<value>& levels) {
        if (levels.size() > most_depth) return false;
        if (const auto reference = one["$ref"]; reference.is_string()) {
            const auto target = reference.string().raw;
            const auto found = resolved(target);
            if (!found.is_object() || std::ranges::find(open_, target) != open_.end()) return false;
            open_.push_back(target);
            if (!gather(found, levels)) return false;
        }
        levels.push_back(one);
        for (const auto part : one["allOf"].elements()) {
            if (part.is_object() && !gather(part, levels)) return false;
        }
        return true;
    }

    [[nodiscard]] value resolved(std::string_view reference) const noexcept {
        if (reference == "#") return root_;
        if (!reference.starts_with("#/")) return {};
        reference.remove_prefix(2);
        value at = root_;
        while (!reference.empty() && at.is_object()) {
            const auto slash = reference.find('/');
            at = at[reference.substr(0, slash)];
            reference = slash == reference.npos ? std::string_view{} : reference.substr(slash + 1);
        }
        return at;
    }

    // What stands nearest to the schema itself wins: gather() puts a reference's target before what refers to it.
    static value member(levels_view levels, std::string_view name) noexcept {
        value found;
        for (const auto one : levels) {
            if (const auto here = one[name]; here) found = here;
        }
        return found;
    }

    void name(std::string_view label) {
        if (out_.back() != '{') out_.push_back(',');
        out_.append("\"").append(label).append("\":");
    }
    void quoted(std::string_view label, std::string_view inside) {
        name(label);
        out_.append("\"").append(inside).append("\"");
    }

    void body(levels_view levels, bool nullable) {
        const auto any =
            member(levels, "anyOf") ? member(levels, "anyOf") : member(levels, "oneOf");
        if (any.is_array() && choices(any, member(levels, "description"), nullable)) return;
        out_.push_back('{');
        const auto type = member(levels, "type");
        if (type.is_array()) {
            if (several_types(levels, type, nullable)) return;
        } else {
            one_type(levels, type);
        }
        if (nullable || has_null(type) || has_null_value(member(levels, "enum")) ||
            member(levels, "nullable").is_true()) {
            name("nullable");
            out_.append("true");
        }
        out_.push_back('}');
    }

    static bool has_null(value types) noexcept {
        for (const auto one : types.elements()) {
            if (one.equals("null")) return true;
        }
        return false;
    }
    static bool has_null_value(value listed) noexcept {
        for (const auto one : listed.elements()) {
            if (one.is(kind::null)) return true;
        }
        return false;
    }

    // anyOf without its null; false: there is nothing in it.
    bool choices(value any, value description, bool nullable) {
        std::size_t count = 0;
        value last;
        for (const auto one : any.elements()) {
            nullable = nullable || is_null_type(one);
            if (is_null_type(one)) continue;
            last = one;
            ++count;
        }
        if (count == 0) return false;
        if (count == 1) {
            schema(last, nullable);
            return true;
        }
        out_.push_back('{');
        if (description.is_string()) quoted("description", description.string().raw);
        name("anyOf");
        char before = '[';
        for (const auto one : any.elements()) {
            if (is_null_type(one)) continue;
            out_.push_back(before);
            schema(one);
            before = ',';
        }
        out_.push_back(']');
        if (nullable) out_.append(",\"nullable\":true");
        out_.push_back('}');
        return true;
    }

    // ["string","null"] is a nullable string; ["string","integer"] is a choice. True: the object has been closed.
    bool several_types(levels_view levels, value types, bool nullable) {
        std::size_t count = 0;
        value last;
        for (const auto one : types.elements()) {
            if (one.equals("null") || !one.is_string()) continue;
            last = one;
            ++count;
        }
        if (count <= 1) {
            one_type(levels, last);
            return false;
        }
        if (const auto text = member(levels, "description"); text.is_string())
            quoted("description", text.string().raw);
        name("anyOf");
        char before = '[';
        for (const auto one : types.elements()) {
            if (one.equals("null") || !one.is_string()) continue;
            out_.append(1, before).append("{");
            std::vector<value> plain{levels};
            details(plain, one);
            out_.push_back('}');
            before = ',';
        }
        out_.push_back(']');
        if (nullable || has_null(types)) out_.append(",\"nullable\":true");
        out_.push_back('}');
        return true;
    }

    void one_type(levels_view levels, value type) {
        for (const auto label : copied_members) {
            if (const auto found = member(levels, label); found) {
                name(label);
                out_.append(found.raw());
            }
        }
        if (const auto format = member(levels, "format");
            std::ranges::find(known_formats, format.string().raw) != known_formats.end()) {
            quoted("format", format.string().raw);
        }
        details(levels, type);
    }

    void details(levels_view levels, value type) {
        const bool has_properties = member(levels, "properties").is_object();
        const bool has_items =
            member(levels, "items").is_object() || member(levels, "prefixItems").is_array();
        const auto listed = member(levels, "enum");
        std::string_view word = type.string().raw;
        if (word.empty()) word = has_properties ? "object" : has_items ? "array" : "";
        if (word.empty() && (is_texts(listed) || member(levels, "const").is_string()))
            word = "string";
        if (!word.empty()) quoted("type", word);
        if (word == "string" || word == "STRING") texts(listed, member(levels, "const"));
        if (word == "array" || word == "ARRAY") items(levels);
        if (word == "object" || word == "OBJECT") properties(levels);
    }

    static bool is_texts(value listed) noexcept {
        bool has_text = false;
        for (const auto one : listed.elements()) {
            if (one.is(kind::null)) continue;
            if (!one.is_string()) return false;
            has_text = true;
        }
        return has_text;
    }

    // Only texts may be listed.
    void texts(value listed, value constant) {
        if (constant.is_string()) {
            name("enum");
            out_.append("[").append(constant.raw()).append("]");
        } else if (is_texts(listed)) {
            name("enum");
            char before = '[';
            for (const auto one : listed.elements()) {
                if (!one.is_string()) continue;
                out_.append(1, before).append(one.raw());
                before = ',';
            }
            out_.push_back(']');
        }
    }

    void items(levels_view levels) {
        name("items");
        const auto one = member(levels, "items");
        if (one.is_object()) return schema(one);
        for (const auto first : member(levels, "prefixItems").elements())
            return schema(first);
        out_.append(R"({"type":"string"})");
    }

    void properties(levels_view levels) {
        std::vector<std::string_view> names;
        for (const auto level : levels) {
            for (const auto [label, one] : level["properties"].members()) {
                if (std::ranges::find(names, label) != names.end()) continue;
                if (names.empty()) {
                    name("properties");
                    out_.push_back('{');
                }
                names.push_back(label);
                name(label);
                schema(one);
            }
        }
        if (names.empty()) return;
        out_.push_back('}');
        required(levels, names);
    }

    void required(levels_view levels, const std::vector<std::string_view>& names) {
        char before = '[';
        for (const auto level : levels) {
            for (const auto one : level["required"].elements()) {
                if (std::ranges::find(names, one.string().raw) == names.end()) continue;
                if (before == '[') name("required");
                out_.append(1, before).append(one.raw());
                before = ',';
            }
        }
        if (before == ',') out_.push_back(']');
    }

    value root_;
    std::string& out_;
    std::size_t most_size_;
    std::vector<std::string_view> open_;  // references we are in
};

}  // namespace

void write_open_api(value schema, std::string& out) {
    open_api_writer{schema, out}.schema(schema);
}

}  // namespace spillway::adapters::gemini
