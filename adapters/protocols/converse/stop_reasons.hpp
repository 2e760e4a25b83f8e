// Why an answer ended, in Converse's words and the waist's. Stateless.
#pragma once

#include "adapters/canonical/event.hpp"

#include <string_view>

namespace spillway::adapters::converse {

// A word that is not known is a plain end.
[[nodiscard]] canonical::finish_reason finish_of(std::string_view stop_reason) noexcept;
[[nodiscard]] std::string_view stop_reason_of(const canonical::event& finish) noexcept;

}  // namespace spillway::adapters::converse
