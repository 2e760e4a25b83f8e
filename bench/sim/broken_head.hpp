// Octets that look more or less like the head of an HTTP answer and are none.
#pragma once

#include <string>
#include <string_view>

namespace spillway::bench::sim {

// Unknown or empty variant: plain garbage octets.
std::string broken_head(std::string_view variant);

}  // namespace spillway::bench::sim
