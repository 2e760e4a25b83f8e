// What an answer was grounded on, as citations: Google counts octets of the answer's text, the waist code points.
// Stateless.
#pragma once

#include "adapters/canonical/event.hpp"
#include "adapters/json/document.hpp"

#include <string_view>

namespace spillway::adapters::gemini {

// A citation for each stretch of the text and each source of it; for each source alone where no stretch is named.
// `text` is the answer so far as it stands in JSON strings.
void tell_grounding(
    json::value metadata, std::string_view text, std::uint32_t choice, canonical::event_sink& out
);

}  // namespace spillway::adapters::gemini
