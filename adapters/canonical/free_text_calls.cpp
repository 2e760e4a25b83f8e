#include "adapters/canonical/free_text_calls.hpp"

#include "adapters/canonical/free_text.hpp"
#include "adapters/json/document.hpp"

#include <algorithm>

namespace spillway::adapters::canonical {

bool free_text_calls::take(const event& one, answer_encoder& to) {
    if (names_.empty() || one.is_free_text) return false;
    event marked = one;
    marked.is_free_text = true;
    switch (one.kind) {
    case event_kind::tool_start:
        if (!is_named(one.name.raw)) return false;
        open_.push_back({one.choice, one.tool, {}});
        to.take(marked);
        return true;
    case event_kind::tool_arguments:
        if (const auto of = find(one); of != open_.end()) {
            of->arguments.append(one.text.raw);
            return true;
        }
        return false;
    case event_kind::tool_end:
        if (const auto of = find(one); of != open_.end()) {
            say(*of, marked, to);
            open_.erase(of);
            to.take(marked);
            return true;
        }
        return false;
    default: return false;
    }
}

bool free_text_calls::is_named(std::string_view name) const noexcept {
    for (std::string_view rest{names_}; !rest.empty();) {
        const auto end = rest.find('\n');
        if (rest.substr(0, end) == name) return true;
        rest.remove_prefix(end + 1);
    }
    return false;
}

std::vector<free_text_calls::call>::iterator free_text_calls::find(const event& one) {
    return std::ranges::find_if(open_, [&](const call& other) {
        return other.choice == one.choice && other.tool == one.tool;
    });
}

// The text, between an opening and a closing of their own. Arguments that are no {"input":"…"} are the text themselves.
void free_text_calls::say(const call& whole, event part, answer_encoder& to) {
    const padded_text arguments{json::unescaped_leniently(whole.arguments)};
    json::document read;
    escaped text{whole.arguments};
    if (read.read(arguments.view()) && read.root()["input"].is_string())
        text = read.root()["input"].string();
    std::string wrapped;
    wrap_free_text(wrapped, text);
    part.kind = event_kind::tool_arguments;
    for (const std::string_view fragment :
         {free_text_open, std::string_view{wrapped}, free_text_close}) {
        part.text = {fragment};
        to.take(part);
    }
}

void add_free_text_tool(std::string& names, escaped name) {
    names.append(name.raw).push_back('\n');
}

}  // namespace spillway::adapters::canonical
