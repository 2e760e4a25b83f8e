// Blanks in escaped texts: Anthropic refuses text blocks of nothing else. Stateless.
#pragma once

#include "adapters/canonical/text.hpp"

namespace spillway::adapters::messages {

[[nodiscard]] bool is_blank(canonical::escaped text) noexcept;
[[nodiscard]] canonical::escaped without_trailing_blanks(canonical::escaped text) noexcept;

}  // namespace spillway::adapters::messages
