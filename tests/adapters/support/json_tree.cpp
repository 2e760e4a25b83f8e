#include "tests/adapters/support/json_tree.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"

#include <cstdlib>

namespace spillway::testing {

namespace {

using adapters::json::raw_string;
using adapters::json::walker;

const char* read(walker& walk, const char* p, json_tree& out) {
    out.kind = *p;
    if (*p == '{') {
        return walk.members(p, [&](raw_string name, const char* value) {
            auto& [label, child] = out.members.emplace_back();
            label = name.text;
            return read(walk, value, child);
        });
    }
    if (*p == '[') {
        return walk.elements(p, [&](const char* value) {
            return read(walk, value, out.members.emplace_back().second);
        });
    }
    auto end = walk.any(p, 1);
    if (end) out.text.assign(p, end);
    return end;
}

}  // namespace

const json_tree* json_tree::at(std::string_view path) const {
    const auto* node = this;
    while (node && !path.empty()) {
        auto dot = path.find('.');
        std::string step{path.substr(0, dot)};
        path = dot == path.npos ? std::string_view{} : path.substr(dot + 1);
        if (node->kind == '[') {
            auto i = static_cast<std::size_t>(std::atoi(step.c_str()));
            node = i < node->members.size() ? &node->members[i].second : nullptr;
        } else {
            node = node->find(step);
        }
    }
    return node;
}

std::string json_tree::word(std::string_view path) const {
    const auto* node = at(path);
    if (!node) return {};
    if (node->kind != '"') return node->text;
    auto raw = std::string_view{node->text}.substr(1, node->text.size() - 2);
    return adapters::json::unescaped(raw).value_or(std::string{raw});
}

std::string json_tree::dump() const {
    if (kind != '{' && kind != '[') return text;
    std::string out{kind};
    for (const auto& [label, value] : members) {
        if (out.size() > 1) out += ',';
        if (kind == '{') out.append("\"").append(label).append("\":");
        out += value.dump();
    }
    out += kind == '{' ? '}' : ']';
    return out;
}

std::optional<json_tree> parse_json(std::string_view text) {
    adapters::padded_text padded{text};
    walker walk{padded.view()};
    json_tree tree;
    auto p = read(walk, walk.skip_space(walk.begin()), tree);
    if (!p || !walk.at_end(walk.skip_space(p)) || !walk.utf8_is_valid()) return std::nullopt;
    return tree;
}

std::string minified(std::string_view text) {
    std::string out;
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (!inside && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
        out += c;
        if (inside && c == '\\' && i + 1 < text.size()) out += text[++i];
        if (c == '"') inside = !inside;
    }
    return out;
}

}  // namespace spillway::testing
