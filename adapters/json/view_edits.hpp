// Octet-range edits over a text that stays as it is, of texts that stay where they are: nothing is copied. For answers,
// which leave at once; what must outlive its maker takes an edit_list. Owned by one call. Invariant: edits are
// sorted by offset and do not overlap; insertions at one offset keep their order and come before what is replaced there.
#pragma once

#include "adapters/json/piece_list.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters {

class view_edits {
public:
    explicit view_edits(std::string_view original) noexcept : original_{original} {}

    // REQUIRES: [offset, offset + length) lies in the original and overlaps no edit; `text` outlives the list.
    void replace(std::size_t offset, std::size_t length, std::string_view text);
    void erase(std::size_t offset, std::size_t length) { replace(offset, length, {}); }
    void insert(std::size_t offset, std::string_view text) { replace(offset, 0, text); }

    // Where an octet of the original stands in the edited text, before what is inserted there.
    [[nodiscard]] std::size_t moved(std::size_t offset) const noexcept;
    void pieces(piece_list& out) const;
    void append_to(std::string& out) const;

private:
    struct edit {
        std::size_t offset;
        std::size_t length;
        std::string_view text;
    };
    static constexpr std::size_t near_edits = 12;

    [[nodiscard]] const edit* edits() const noexcept {
        return far_.empty() ? near_.data() : far_.data();
    }

    std::string_view original_;
    std::size_t count_ = 0;
    std::ptrdiff_t growth_ = 0;
    // Not initialised: most answers take five of them.
    union room {
        room() noexcept {}
        std::array<edit, near_edits> edits;
        [[nodiscard]] const edit* data() const noexcept { return edits.data(); }
        [[nodiscard]] edit* data() noexcept { return edits.data(); }
    };
    room near_;
    std::vector<edit> far_;  // all edits, once there are more than fit nearby
};

}  // namespace spillway::adapters
