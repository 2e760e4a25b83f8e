// Questions about texts as JSON spells them, answered without unescaping, and names and ids in the charsets Converse
// allows. Pure functions of the text: a call and its result get the same id.
#pragma once

#include "adapters/canonical/arena.hpp"
#include "adapters/protocols/converse/family.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::converse {

// Nothing but white space.
[[nodiscard]] bool is_blank(canonical::escaped text) noexcept;
// Without the white space at its end.
[[nodiscard]] canonical::escaped without_tail(canonical::escaped text) noexcept;

// REQUIRES: not empty.
[[nodiscard]] canonical::escaped
allowed_id(canonical::escaped id, id_rule rule, canonical::arena& made);

// Letters, digits, single spaces, - ( ) [ ]; at most 200. "document" where nothing is left.
[[nodiscard]] std::string document_name(std::string_view plain);

}  // namespace spillway::adapters::converse
