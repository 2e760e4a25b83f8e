// Google's reasons for the end of an answer. Stateless.
#pragma once

#include "adapters/canonical/event.hpp"

#include <string_view>

namespace spillway::adapters::gemini {

struct finish_meaning {
    canonical::finish_reason why = canonical::finish_reason::stop;
    bool is_fault_if_empty = false;  // an answer without content that ended so is none
};

[[nodiscard]] finish_meaning meaning_of(std::string_view native) noexcept;
[[nodiscard]] std::string_view native_of(canonical::finish_reason why) noexcept;

}  // namespace spillway::adapters::gemini
