// JSON Schemas in the dialects Anthropic takes: for the input of a tool, and for structured output. Pure.
#pragma once

#include "adapters/canonical/arena.hpp"

namespace spillway::adapters::messages {

// The root is an object without alternatives: those of the root are merged into it. Nothing at all is an object
// without properties.
[[nodiscard]] canonical::raw_value
tool_schema(canonical::raw_value parameters, canonical::arena& made);

// Objects take no other properties, and what the grammar cannot hold (ranges, patterns) is said in the description.
[[nodiscard]] canonical::raw_value
answer_schema(canonical::raw_value schema, canonical::arena& made);

// Its root says that it is an object.
[[nodiscard]] bool describes_object(canonical::raw_value schema);

}  // namespace spillway::adapters::messages
