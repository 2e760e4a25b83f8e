// Converse counts what was read from the cache and what was written to it beside the input; the waist counts all of it
// as prompt. Stateless.
#pragma once

#include "adapters/json/document.hpp"
#include "adapters/message.hpp"

#include <string>

namespace spillway::adapters::converse {

[[nodiscard]] usage read_usage(json::value from) noexcept;
// The object's members, without its braces.
void append_usage(std::string& out, const usage& tokens);

}  // namespace spillway::adapters::converse
