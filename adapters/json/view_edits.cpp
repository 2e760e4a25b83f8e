#include "adapters/json/view_edits.hpp"

#include <cassert>
#include <cstring>

namespace spillway::adapters {

void view_edits::replace(std::size_t offset, std::size_t length, std::string_view text) {
    assert(offset + length <= original_.size());
    if (count_ >= near_edits) {
        if (far_.empty()) far_.assign(near_.data(), near_.data() + near_edits);
        far_.emplace_back();
    }
    auto* const all = far_.empty() ? near_.data() : far_.data();
    const auto goes_before = [offset, length](const edit& other) {
        if (other.offset != offset) return offset < other.offset;
        return length == 0 && other.length > 0;
    };
    auto slot = count_++;
    for (; slot > 0 && goes_before(all[slot - 1]); --slot)
        all[slot] = all[slot - 1];
    assert(slot == 0 || all[slot - 1].offset + all[slot - 1].length <= offset);
    all[slot] = {offset, length, text};
    growth_ += static_cast<std::ptrdiff_t>(text.size()) - static_cast<std::ptrdiff_t>(length);
}

std::size_t view_edits::moved(std::size_t offset) const noexcept {
    auto now = offset;
    for (const auto *e = edits(), *last = e + count_; e != last && e->offset < offset; ++e) {
        now += e->text.size();
        now -= e->length;
    }
    return now;
}

void view_edits::pieces(piece_list& out) const {
    std::size_t from = 0;
    for (const auto *e = edits(), *last = e + count_; e != last; ++e) {
        out.push({original_.data() + from, e->offset - from});
        out.push(e->text);
        from = e->offset + e->length;
    }
    out.push({original_.data() + from, original_.size() - from});
}

void view_edits::append_to(std::string& out) const {
    const auto before = out.size();
    const auto grown = static_cast<std::ptrdiff_t>(before + original_.size()) + growth_;
    const auto size = static_cast<std::size_t>(grown);
    // GCC 12 hands the grown capacity to the operation, not the size that was asked for: it is not used.
    out.resize_and_overwrite(size, [&](char* to, std::size_t) {
        to += before;
        const auto put = [&to](const char* text, std::size_t octets) {
            std::memcpy(to, text, octets);
            to += octets;
        };
        std::size_t from = 0;
        for (const auto *e = edits(), *last = e + count_; e != last; ++e) {
            put(original_.data() + from, e->offset - from);
            if (!e->text.empty()) put(e->text.data(), e->text.size());
            from = e->offset + e->length;
        }
        put(original_.data() + from, original_.size() - from);
        return size;
    });
}

}  // namespace spillway::adapters
