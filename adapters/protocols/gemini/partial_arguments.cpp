#include "adapters/protocols/gemini/partial_arguments.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"

#include <algorithm>

namespace spillway::adapters::gemini {

namespace {

constexpr std::size_t most_nodes = 65'536;
constexpr std::size_t most_steps = 256;

// One step of a path: ".name", "['name']", "[0]".
struct path_step {
    std::string_view name;
    std::size_t index = 0;
    bool is_index = false;
    bool is_good = false;
};

path_step take_step(std::string_view& path) {
    path_step out;
    if (path.starts_with('.')) {
        path.remove_prefix(1);
        out.name = path.substr(0, path.find_first_of(".["));
        path.remove_prefix(out.name.size());
        out.is_good = !out.name.empty();
        return out;
    }
    const bool is_named = path.starts_with("['") || path.starts_with("[\"");
    const auto closing = is_named ? path.find(std::string{path[1], ']'}, 2) : path.find(']');
    if (!path.starts_with('[') || closing == path.npos) return out;
    if (is_named) {
        out.name = path.substr(2, closing - 2);
        out.is_good = true;
        path.remove_prefix(closing + 2);
        return out;
    }
    const auto index = json::to_integer(path.substr(1, closing - 1));
    out.is_index = true;
    out.index = static_cast<std::size_t>(index.value_or(0));
    out.is_good = index.has_value();
    path.remove_prefix(closing + 1);
    return out;
}

}  // namespace

void partial_arguments::take(json::value list) {
    for (const auto one : list.elements())
        take_one(one);
}

void partial_arguments::take_one(json::value piece) {
    const auto path = piece["jsonPath"].string();
    node* const at = find(json::unescaped_leniently(path.raw));
    if (at == nullptr) return;
    if (const auto text = piece["stringValue"]; text.is_string()) {
        if (at->text.empty()) at->text = "\"";
        at->text.append(text.string().raw);
    } else if (const auto number = piece["numberValue"]; number.is_number()) {
        at->text = number.raw();
    } else if (const auto flag = piece["boolValue"]; flag.is(json::kind::boolean)) {
        at->text = flag.raw();
    } else if (piece["nullValue"].kind() != json::kind::absent) {
        at->text = "null";
    }
}

// The node of that path, made if it is not there; nullptr: no path we can read.
partial_arguments::node* partial_arguments::find(std::string_view path) {
    if (path.starts_with('$')) path.remove_prefix(1);
    node* at = &root_;
    for (std::size_t steps = 0; !path.empty(); ++steps) {
        const path_step step = take_step(path);
        if (!step.is_good || steps == most_steps || nodes_ >= most_nodes) return nullptr;
        at->is_array = step.is_index;
        if (step.is_index) {
            if (step.index > at->inside.size()) return nullptr;
            if (step.index == at->inside.size()) {
                at->inside.emplace_back();
                ++nodes_;
            }
            at = &at->inside[step.index];
            continue;
        }
        auto known = std::ranges::find(at->inside, step.name, &node::name);
        if (known == at->inside.end()) {
            at->inside.emplace_back().name = step.name;
            ++nodes_;
            known = at->inside.end() - 1;
        }
        at = &*known;
    }
    return at == &root_ ? nullptr : at;
}

void partial_arguments::write(const node& one, std::string& out, std::size_t depth) {
    if (one.inside.empty() && !one.text.empty()) {
        out.append(one.text);
        if (one.text.front() == '"') out.push_back('"');
        return;
    }
    if (one.inside.empty() && depth > 0) {
        out.append("null");
        return;
    }
    out.push_back(one.is_array ? '[' : '{');
    bool is_first = true;
    for (const node& each : one.inside) {
        if (!is_first) out.push_back(',');
        is_first = false;
        if (!one.is_array) {
            json::append_string(out, each.name);
            out.push_back(':');
        }
        write(each, out, depth + 1);
    }
    out.push_back(one.is_array ? ']' : '}');
}

std::string partial_arguments::take_object() {
    root_.is_array = false;
    std::string out;
    write(root_, out, 0);
    root_ = {};
    nodes_ = 0;
    return out;
}

}  // namespace spillway::adapters::gemini
