// A JSON text as a tree for tests: scalars keep their spelling, members their order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::testing {

struct json_tree {
    char kind = '?';   // { [ or the first character of a scalar
    std::string text;  // scalars: as spelled
    std::vector<std::pair<std::string, json_tree>> members;  // names are empty in arrays

    [[nodiscard]] const json_tree* find(std::string_view name) const {
        for (const auto& [label, value] : members) {
            if (label == name) return &value;
        }
        return nullptr;
    }
    // By path: "usage.cost", "choices.0.delta".
    [[nodiscard]] const json_tree* at(std::string_view path) const;
    // A scalar without quotes and escapes; empty if absent.
    [[nodiscard]] std::string word(std::string_view path) const;
    [[nodiscard]] std::string dump() const;
};

[[nodiscard]] std::optional<json_tree> parse_json(std::string_view text);

// The text without white space between tokens.
[[nodiscard]] std::string minified(std::string_view text);

}  // namespace spillway::testing
