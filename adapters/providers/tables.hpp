// The tables of rows, a function a family. Static and immutable.
#pragma once

#include "adapters/registry.hpp"

#include <span>

namespace spillway::adapters {

[[nodiscard]] std::span<const provider_row> openai_family_rows() noexcept;
[[nodiscard]] std::span<const provider_row> open_host_rows() noexcept;
[[nodiscard]] std::span<const provider_row> native_rows() noexcept;
[[nodiscard]] std::span<const provider_row> local_rows() noexcept;

}  // namespace spillway::adapters
