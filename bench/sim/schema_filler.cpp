#include "bench/sim/schema_filler.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace spillway::bench::sim {
namespace {

namespace json = boost::json;

// Recursive schemas exist; beyond this depth optional parts are left out and the rest is null.
constexpr int depth_limit = 12;

class filler {
public:
    explicit filler(const json::value& root) : root_(root) {}

    json::value fill(const json::value& schema, int depth) const {
        const auto* object = schema.if_object();
        if (object == nullptr) return "value";
        if (depth > depth_limit) return nullptr;
        if (const auto* fixed = object->if_contains("const")) return *fixed;
        if (const auto* values = array_at(*object, "enum")) return values->front();
        if (const auto* ref = object->if_contains("$ref")) return fill_reference(*ref, depth);
        for (const char* choice : {"anyOf", "oneOf", "allOf"}) {
            if (const auto* options = array_at(*object, choice)) {
                return fill(options->front(), depth + 1);
            }
        }
        return fill_type(*object, type_of(*object), depth);
    }

private:
    static const json::array* array_at(const json::object& object, const char* name) {
        const auto* found = object.if_contains(name);
        const auto* array = found != nullptr ? found->if_array() : nullptr;
        return array != nullptr && !array->empty() ? array : nullptr;
    }

    static std::string_view type_of(const json::object& object) {
        const auto* type = object.if_contains("type");
        if (const auto* types = array_at(object, "type")) type = &types->front();
        if (type != nullptr && type->is_string()) return type->get_string();
        return object.contains("properties") ? "object" : "string";
    }

    static std::int64_t
    number_at(const json::object& object, const char* name, std::int64_t other) {
        const auto* found = object.if_contains(name);
        if (found == nullptr || !found->is_number()) return other;
        return found->is_double() ? static_cast<std::int64_t>(found->get_double())
                                  : found->to_number<std::int64_t>();
    }

    json::value fill_reference(const json::value& ref, int depth) const {
        if (!ref.is_string()) return nullptr;
        std::string_view pointer = ref.get_string();
        if (!pointer.starts_with('#')) return nullptr;
        pointer.remove_prefix(1);
        json::error_code error;
        const auto* target = root_.find_pointer(pointer, error);
        return target != nullptr ? fill(*target, depth + 1) : json::value(nullptr);
    }

    json::value fill_type(const json::object& schema, std::string_view type, int depth) const {
        if (type == "object") return fill_object(schema, depth);
        if (type == "array") return fill_array(schema, depth);
        if (type == "integer" || type == "number") return number_at(schema, "minimum", 1);
        if (type == "boolean") return true;
        if (type == "null") return nullptr;
        return fill_text(schema);
    }

    json::value fill_object(const json::object& schema, int depth) const {
        json::object filled;
        const auto* properties = schema.if_contains("properties");
        if (properties == nullptr || !properties->is_object()) return filled;
        for (const auto& [name, value] : properties->get_object()) {
            filled[name] = fill(value, depth + 1);
        }
        return filled;
    }

    json::value fill_array(const json::object& schema, int depth) const {
        json::array filled;
        const auto* items = schema.if_contains("items");
        const auto count = std::clamp<std::int64_t>(number_at(schema, "minItems", 1), 1, 64);
        if (items == nullptr) return filled;
        for (std::int64_t i = 0; i < count; ++i)
            filled.push_back(fill(*items, depth + 1));
        return filled;
    }

    static json::value fill_text(const json::object& schema) {
        std::string_view format;
        if (const auto* found = schema.if_contains("format");
            found != nullptr && found->is_string()) {
            format = found->get_string();
        }
        if (format == "date") return "2026-01-02";
        if (format == "date-time") return "2026-01-02T03:04:05Z";
        if (format == "email") return "user@example.com";
        if (format == "uri") return "https://example.com/";
        if (format == "uuid") return "00000000-0000-4000-8000-000000000000";
        std::string text = "value";
        const auto least = std::clamp<std::int64_t>(number_at(schema, "minLength", 0), 0, 4096);
        if (text.size() < static_cast<std::size_t>(least))
            text.resize(static_cast<std::size_t>(least), 'x');
        const auto most = number_at(schema, "maxLength", 4096);
        if (static_cast<std::int64_t>(text.size()) > most)
            text.resize(static_cast<std::size_t>(most));
        return json::value(text);
    }

    const json::value& root_;
};

}  // namespace

json::value fill_schema(const json::value& schema) {
    return filler{schema}.fill(schema, 0);
}

}  // namespace spillway::bench::sim
