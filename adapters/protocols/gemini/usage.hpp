// Google's usageMetadata, by the waist's counting rule and back. Stateless.
#pragma once

#include "adapters/json/document.hpp"
#include "adapters/message.hpp"

#include <string>

namespace spillway::adapters::gemini {

// Of the members of an answer. Thoughts are beside the candidates' tokens unless the total says otherwise.
[[nodiscard]] usage usage_of(json::value metadata) noexcept;
// {"promptTokenCount":…}
void append_usage(std::string& out, const usage& tokens);

}  // namespace spillway::adapters::gemini
