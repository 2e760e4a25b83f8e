// Names and ids of tools in the charset Anthropic allows, [A-Za-z0-9_-], and back. Pure functions of the text, so that
// a call and its result agree, and an answer needs no memory of its request.
#pragma once

#include "adapters/canonical/arena.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::messages {

// The tools by which a model without structured output is made to answer in JSON: one whose input is the answer, and
// one whose input holds it as "value", for schemas that are no object. The decoder knows them by their names.
inline constexpr std::string_view answer_tool = "spillway_structured_answer";
inline constexpr std::string_view wrapped_answer_tool = "spillway_structured_value";

// Other octets become "_", and a hash of the whole is put behind.
[[nodiscard]] canonical::escaped allowed_id(canonical::escaped id, canonical::arena& made);
// Other octets become "_x2e_".
[[nodiscard]] canonical::escaped allowed_name(canonical::escaped name, canonical::arena& made);
// The name allowed_name() was given. `made` owns it if it is not the same.
[[nodiscard]] canonical::escaped given_name(canonical::escaped allowed, std::string& made);

}  // namespace spillway::adapters::messages
