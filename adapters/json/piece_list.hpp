// A gather list: octets that leave one after the other, as views into memory somebody else owns (the giver
// says how long). Neighbours in memory melt into one piece, so an untouched text stays one piece.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters {

class piece_list {
public:
    piece_list() noexcept {}

    void push(std::string_view piece) {
        if (piece.empty()) return;
        octets_ += piece.size();
        const bool follows = piece.data() == end_ && count_ > 0;
        end_ = piece.data() + piece.size();
        if (follows) {
            auto& last = at(count_ - 1);
            last = {last.data(), last.size() + piece.size()};
        } else if (count_ < near_.size()) {
            near_[count_++] = piece;
        } else {
            push_far(piece);
        }
    }

    void clear() noexcept {
        count_ = 0;
        octets_ = 0;
        if (!far_.empty()) far_.clear();
    }

    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::size_t octets() const noexcept { return octets_; }
    [[nodiscard]] std::span<const std::string_view> pieces() const noexcept {
        if (count_ > near_.size()) return far_;
        return std::span{near_}.first(count_);
    }

    [[nodiscard]] std::string joined() const {
        std::string all;
        all.reserve(octets_);
        for (auto piece : pieces())
            all.append(piece);
        return all;
    }

private:
    [[nodiscard]] std::string_view& at(std::size_t i) noexcept {
        return count_ > near_.size() ? far_[i] : near_[i];
    }

    void push_far(std::string_view piece) {
        if (far_.empty()) far_.assign(near_.begin(), near_.end());
        far_.push_back(piece);
        ++count_;
    }

    union {
        std::array<std::string_view, 16> near_;  // [0, count_); not initialised
    };
    std::vector<std::string_view> far_;  // holds all pieces once there are more than `near_` takes
    const char* end_ = nullptr;          // of the last piece
    std::size_t count_ = 0;
    std::size_t octets_ = 0;
};

}  // namespace spillway::adapters
