#include "adapters/json/document.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/walker.hpp"

#include <algorithm>
#include <utility>

namespace spillway::adapters::json {

namespace {

constexpr std::uint32_t outermost = 0xffff'ffffU;  // no container
constexpr std::uint32_t first_nodes = 40;  // less than a thousand octets: what malloc has at hand

}  // namespace

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

bool value::is_empty() const noexcept {
    return !(is_array() || is_object()) || all_ + at_->behind == at_ + 1;
}

bool document::read(padded_view text) {
    count_ = 0;
    walker walk{text};
    const bool is_valid = text.size() < 0xffff'ffffU && read_nodes(walk) && walk.utf8_is_valid();
    if (!is_valid) count_ = 0;
    return is_valid;
}

void document::grow(std::uint32_t count) {
    const std::uint32_t wanted = 2 * room_ + first_nodes;
    auto larger = std::make_unique_for_overwrite<node[]>(wanted);
    std::copy_n(nodes_.get(), count, larger.get());
    nodes_ = std::move(larger);
    room_ = wanted;
}

// The list so far is kept in locals: a store to a node could mean any member.
bool document::read_nodes(walker& walk) {
    node* all = nodes_.get();
    std::uint32_t room = room_;
    std::uint32_t count = 0;
    const auto add = [&](const char* from, const char* to, json::kind what) {
        if (count == room) [[unlikely]] {
            grow(count);
            all = nodes_.get();
            room = room_;
        }
        node* const added = all + count++;
        *added = {from, static_cast<std::uint32_t>(to - from), count, what};
    };
    std::uint32_t around = outermost;  // the innermost open container
    bool in_object = false;
    std::size_t depth = 0;
    raw_string text;
    const char* p = walk.skip_space(walk.begin());
    for (;;) {
        const char* from = p;
        if (in_object) {
            if (*p != '"' || (p = walk.string(p + 1, text)) == nullptr) return false;
            add(from, p, kind::string);
            if ((p = walk.colon(p)) == nullptr) return false;
            from = p;
        }
        if (p >= walk.end()) return false;
        if (*p == '"') {
            if ((p = walk.string(p + 1, text)) == nullptr) return false;
            add(from, p, kind::string);
        } else if (*p == '{' || *p == '[') {
            if (depth++ == max_depth) return false;
            in_object = *p == '{';
            add(from, p + 1, in_object ? kind::object : kind::array);
            all[count - 1].behind = std::exchange(around, count - 1);
            p = walk.skip_space(p + 1);
            if (!walk.is(p, in_object ? '}' : ']')) continue;
        } else {
            const auto what = *p == 'n' ? kind::null : *p >= 'f' ? kind::boolean : kind::number;
            p = what == kind::number ? walk.number(p) : walk.literal(p);
            if (p == nullptr) return false;
            add(from, p, what);
        }
        // Behind a value, or at the end of an empty container: what closes here, and whether another value follows.
        for (p = walk.skip_space(p); !walk.is(p, ','); p = walk.skip_space(p)) {
            if (around == outermost) {
                count_ = count;
                return walk.at_end(p);
            }
            if (!walk.is(p, in_object ? '}' : ']')) return false;
            node& closed = all[around];
            closed.size = static_cast<std::uint32_t>(++p - closed.begin);
            around = std::exchange(closed.behind, count);
            in_object = around != outermost && all[around].kind == kind::object;
            --depth;
        }
        if (around == outermost) return false;
        p = walk.skip_space(p + 1);
    }
}

}  // namespace spillway::adapters::json
