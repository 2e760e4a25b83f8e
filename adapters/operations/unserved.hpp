// What a client is told when the provider has no endpoint for what it wants: who has one. Pure.
#pragma once

#include "adapters/message.hpp"

#include <string_view>

namespace spillway::adapters::operations {

// `provider` is the display name.
[[nodiscard]] problem unserved(std::string_view provider, operation what);

}  // namespace spillway::adapters::operations
