// Anthropic's errors: what they mean, whoever hosts the model, and our problems in its words. Pure.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/json/document.hpp"

namespace spillway::adapters::messages {

// An error inside a 200: {"type":"error","error":{…}}.
[[nodiscard]] problem explain_inside(json::value root, std::string_view provider);
// An exception of Bedrock's event stream.
[[nodiscard]] problem explain_exception(const canonical::frame& one, std::string_view provider);

}  // namespace spillway::adapters::messages
