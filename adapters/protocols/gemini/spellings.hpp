// The protocol is protobuf's JSON: each member has a camelCase and a snake_case name. Looked up by the first.
#pragma once

#include "adapters/json/document.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::gemini {

// "inline_data" as "inlineData".
[[nodiscard]] std::string camel_case(std::string_view name);
// "inlineData" as "inline_data".
[[nodiscard]] std::string snake_case(std::string_view name);

// The member of that camelCase name in either spelling; absent for none.
[[nodiscard]] json::value member_of(json::value object, std::string_view camel);

}  // namespace spillway::adapters::gemini
