#include "adapters/json/edit_list.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace spillway::adapters {

std::uint32_t edit_list::keep(std::string_view text) {
    auto at = static_cast<std::uint32_t>(arena_size_);
    if (far_arena_.empty() && arena_size_ + text.size() <= near_octets) {
        std::memcpy(near_arena_.data() + arena_size_, text.data(), text.size());
    } else {
        if (far_arena_.empty()) far_arena_.assign(near_arena_.data(), arena_size_);
        far_arena_.append(text);
    }
    arena_size_ += text.size();
    return at;
}

void edit_list::replace(std::size_t offset, std::size_t length, std::string_view text) {
    assert(offset + length <= original_.size());
    edit next{
        static_cast<std::uint32_t>(offset),
        static_cast<std::uint32_t>(length),
        text.empty() ? 0 : keep(text),
        static_cast<std::uint32_t>(text.size()),
    };
    if (count_ == near_edits && far_edits_.empty()) {
        far_edits_.assign(near_edits_.begin(), near_edits_.end());
    }
    if (!far_edits_.empty()) far_edits_.push_back(next);
    auto* all = far_edits_.empty() ? near_edits_.data() : far_edits_.data();
    auto slot = count_++;
    auto goes_before = [&next](const edit& other) {
        if (other.offset != next.offset) return next.offset < other.offset;
        return next.length == 0 && other.length > 0;
    };
    for (; slot > 0 && goes_before(all[slot - 1]); --slot)
        all[slot] = all[slot - 1];
    assert(slot == 0 || all[slot - 1].offset + all[slot - 1].length <= next.offset);
    all[slot] = next;
    growth_ += static_cast<std::ptrdiff_t>(text.size()) - static_cast<std::ptrdiff_t>(length);
}

std::size_t edit_list::moved(std::size_t offset) const noexcept {
    auto now = offset;
    for (const auto *e = edits(), *last = e + count_; e != last && e->offset < offset; ++e) {
        now += e->text_size;
        now -= e->length;
    }
    return now;
}

std::size_t edit_list::size() const noexcept {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(original_.size()) + growth_);
}

void edit_list::pieces(piece_list& out) const {
    auto texts = arena();
    std::size_t from = 0;
    for (const auto *e = edits(), *last = e + count_; e != last; ++e) {
        out.push(original_.substr(from, e->offset - from));
        out.push(texts.substr(e->text_at, e->text_size));
        from = e->offset + e->length;
    }
    out.push(original_.substr(from));
}

void edit_list::append_to(std::string& out) const {
    auto texts = arena();
    std::size_t from = 0;
    for (const auto *e = edits(), *last = e + count_; e != last; ++e) {
        out.append(original_, from, e->offset - from);
        out.append(texts, e->text_at, e->text_size);
        from = e->offset + e->length;
    }
    out.append(original_.substr(from));
}

std::string edit_list::text() const {
    std::string all;
    all.reserve(size());
    append_to(all);
    return all;
}

}  // namespace spillway::adapters
