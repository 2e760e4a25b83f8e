// The padding contract as a type: JSON text with at least `padding` readable octets behind its end. The
// octets behind the end may hold anything; they are read in whole vectors and never believed. A view: the
// text belongs to whoever read the body and must stay where it is as long as anything inspected from it.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace spillway::adapters {

inline constexpr std::size_t padding = 64;

class padded_view {
public:
    constexpr padded_view() noexcept : text_{nothing, 0} {}
    // REQUIRES: data[0, size + padding) is readable.
    constexpr padded_view(const char* data, std::size_t size) noexcept : text_{data, size} {}

    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
    [[nodiscard]] constexpr const char* data() const noexcept { return text_.data(); }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return text_.size(); }

private:
    static constexpr char nothing[padding]{};
    std::string_view text_;
};

// A string of our own with the padding behind it, for texts that do not come from a padded buffer.
class padded_text {
public:
    padded_text() = default;
    explicit padded_text(std::string_view text) { assign(text); }

    void assign(std::string_view text) {
        size_ = text.size();
        octets_.clear();
        // GCC 12 hands the grown capacity to the operation, not the size that was asked for: it is not used.
        octets_.resize_and_overwrite(size_ + padding, [text](char* to, std::size_t) {
            text.copy(to, text.size());
            std::memset(to + text.size(), 0, padding);
            return text.size() + padding;
        });
    }

    [[nodiscard]] padded_view view() const noexcept { return {octets_.data(), size_}; }

private:
    std::string octets_;
    std::size_t size_ = 0;
};

}  // namespace spillway::adapters
