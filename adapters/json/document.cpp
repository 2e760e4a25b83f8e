#include "adapters/json/document.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"

namespace spillway::adapters::json {

std::optional<std::uint64_t> value::count() const noexcept {
    return is_number() ? to_integer(raw()) : std::nullopt;
}

value value::operator[](std::string_view name) const noexcept {
    if (!is_object()) return {};
    for (auto [known, found] : members()) {
        if (known == name) return found;
    }
    return {};
}

elements_view value::elements() const noexcept {
    if (!is_array()) return {nullptr, nullptr, nullptr};
    return {all_, at_ + 1, all_ + at_->behind};
}

members_view value::members() const noexcept {
    if (!is_object()) return {nullptr, nullptr, nullptr};
    return {all_, at_ + 1, all_ + at_->behind};
}

bool value::is_empty() const noexcept {
    return !(is_array() || is_object()) || all_ + at_->behind == at_ + 1;
}

bool document::read(padded_view text) {
    nodes_.clear();
    open_.clear();
    walker walk{text};
    const bool is_valid = text.size() < 0xffff'ffffU && read_nodes(walk, walk.begin());
    if (!is_valid || !walk.utf8_is_valid()) nodes_.clear();
    return !nodes_.empty();
}

bool document::read_nodes(walker& walk, const char* p) {
    const auto add = [this](const char* from, const char* to, json::kind what) {
        const auto behind = static_cast<std::uint32_t>(nodes_.size() + 1);
        nodes_.push_back({from, static_cast<std::uint32_t>(to - from), behind, what});
    };
    raw_string text;
    bool wants_name = false;  // the next thing is a member's name, or the close of an empty object
    p = walk.skip_space(p);
    for (;;) {
        if (p >= walk.end()) return false;
        const char* const from = p;
        if (wants_name) {
            if (*p != '"' || (p = walk.string(p + 1, text)) == nullptr) return false;
            add(from, p, kind::string);
            if ((p = walk.colon(p)) == nullptr) return false;
            wants_name = false;
            continue;
        }
        bool opened = false;
        switch (*p) {
        case '"':
            p = walk.string(p + 1, text);
            if (p) add(from, p, kind::string);
            break;
        case '{':
        case '[':
            if (open_.size() >= max_depth) return false;
            open_.push_back(static_cast<std::uint32_t>(nodes_.size()));
            add(from, p + 1, *p == '{' ? kind::object : kind::array);
            opened = true;
            p = walk.skip_space(p + 1);
            break;
        case 'n':
            p = walk.literal(p);
            if (p) add(from, p, kind::null);
            break;
        case 't':
        case 'f':
            p = walk.literal(p);
            if (p) add(from, p, kind::boolean);
            break;
        default:
            p = walk.number(p);
            if (p) add(from, p, kind::number);
        }
        if (!p) return false;
        // Behind a value, or behind an opening bracket: what closes here, and whether another value follows.
        for (;;) {
            if (open_.empty()) return walk.at_end(walk.skip_space(p));
            node& around = nodes_[open_.back()];
            const bool in_object = around.kind == kind::object;
            p = walk.skip_space(p);
            if (walk.is(p, in_object ? '}' : ']')) {
                around.size = static_cast<std::uint32_t>(++p - around.begin);
                around.behind = static_cast<std::uint32_t>(nodes_.size());
                open_.pop_back();
                opened = false;
                continue;
            }
            if (!opened) {
                if (!walk.is(p, ',')) return false;
                p = walk.skip_space(p + 1);
            }
            wants_name = in_object;
            break;
        }
    }
}

}  // namespace spillway::adapters::json
