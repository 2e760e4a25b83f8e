// Looking into JSON values without exceptions: what is absent, null or of another type is empty. Views live
// as long as the value.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

namespace json = boost::json;

inline const json::value* value_at(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(json::string_view{name.data(), name.size()});
    return found != nullptr && !found->is_null() ? found : nullptr;
}

inline const json::object* object_at(const json::object& object, std::string_view name) {
    const auto* found = value_at(object, name);
    return found != nullptr ? found->if_object() : nullptr;
}

inline const json::array* array_at(const json::object& object, std::string_view name) {
    const auto* found = value_at(object, name);
    return found != nullptr ? found->if_array() : nullptr;
}

inline std::string_view text_of(const json::value& value) {
    return value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
}

inline std::string_view text_at(const json::object& object, std::string_view name) {
    const auto* found = value_at(object, name);
    return found != nullptr ? text_of(*found) : std::string_view{};
}

inline bool has_text(const json::object& object, std::string_view name) {
    const auto* found = value_at(object, name);
    return found != nullptr && found->is_string();
}

inline bool is_true(const json::object& object, std::string_view name) {
    const auto* found = value_at(object, name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

inline bool is_false(const json::object& object, std::string_view name) {
    const auto* found = value_at(object, name);
    return found != nullptr && found->is_bool() && !found->get_bool();
}

inline std::optional<double> number_at(const json::object& object, std::string_view name) {
    const auto* found = value_at(object, name);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    return found->to_number<double>();
}

// Nothing for what is negative or beyond sense.
inline std::optional<std::size_t> count_at(const json::object& object, std::string_view name) {
    const auto number = number_at(object, name);
    if (!number || *number < 0 || *number > 1e15) return std::nullopt;
    return static_cast<std::size_t>(*number);
}

// A JSON text as a value; null when it is none.
inline json::value parse_json(std::string_view text) {
    json::error_code error;
    auto parsed = json::parse(json::string_view{text.data(), text.size()}, error);
    return error ? json::value(nullptr) : parsed;
}

template <typename... Elements>
json::array list_of(Elements&&... elements) {
    json::array made;
    made.reserve(sizeof...(elements));
    (made.emplace_back(std::forward<Elements>(elements)), ...);
    return made;
}

}  // namespace spillway::bench::sim
