// The size of a picture in pixels, from the first octets of its file: PNG, JPEG, GIF, WebP. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::adapters::operations {

struct image_size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

[[nodiscard]] std::optional<image_size> image_size_of(std::string_view octets) noexcept;

}  // namespace spillway::adapters::operations
