// What a request decoder says when a member is not what the protocol wants: a 400 that names the member. Stateless.
#pragma once

#include "adapters/message.hpp"

#include <string_view>

namespace spillway::adapters::canonical {

// "Invalid 'messages[2].role': must be a string."
[[nodiscard]] problem refusal(std::string_view param, std::string_view message);

}  // namespace spillway::adapters::canonical
