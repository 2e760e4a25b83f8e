// Octet-range edits over a text that stays as it is: the result is a gather list of the untouched stretches
// and the replacements. Owned by one attempt; copying is allowed, the original must outlive it. Invariant:
// edits are sorted by offset and do not overlap; insertions at one offset keep their order and come before what
// is replaced there.
#pragma once

#include "adapters/json/piece_list.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters {

class edit_list {
public:
    // REQUIRES: original.size() < 4 GiB.
    explicit edit_list(std::string_view original) noexcept : original_{original} {}

    // The replacement is copied. REQUIRES: [offset, offset + length) lies in the original and overlaps no edit.
    void replace(std::size_t offset, std::size_t length, std::string_view text);
    void erase(std::size_t offset, std::size_t length) { replace(offset, length, {}); }
    void insert(std::size_t offset, std::string_view text) { replace(offset, 0, text); }

    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    // Where an octet of the original stands in the edited text, before what is inserted there.
    [[nodiscard]] std::size_t moved(std::size_t offset) const noexcept;
    // Octets of the edited text: the Content-Length.
    [[nodiscard]] std::size_t size() const noexcept;
    // Appends the edited text as views into the original and into this list; valid until the next change of
    // this list, and as long as it is not moved.
    void pieces(piece_list& out) const;
    void append_to(std::string& out) const;
    [[nodiscard]] std::string text() const;

private:
    struct edit {
        std::uint32_t offset;
        std::uint32_t length;
        std::uint32_t text_at;
        std::uint32_t text_size;
    };
    static constexpr std::size_t near_edits = 16;
    static constexpr std::size_t near_octets = 512;

    [[nodiscard]] const edit* edits() const noexcept {
        return far_edits_.empty() ? near_edits_.data() : far_edits_.data();
    }
    [[nodiscard]] std::string_view arena() const noexcept {
        return far_arena_.empty() ? std::string_view{near_arena_.data(), arena_size_}
                                  : std::string_view{far_arena_};
    }
    std::uint32_t keep(std::string_view text);

    std::string_view original_;
    std::size_t count_ = 0;
    std::size_t arena_size_ = 0;
    std::ptrdiff_t growth_ = 0;
    std::array<edit, near_edits> near_edits_;
    std::array<char, near_octets> near_arena_;
    std::vector<edit> far_edits_;  // all edits, once there are more than fit nearby
    std::string far_arena_;        // all replacement text, once it is more than fits nearby
};

}  // namespace spillway::adapters
