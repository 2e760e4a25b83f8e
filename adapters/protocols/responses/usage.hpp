// The usage object of Responses. Stateless.
#pragma once

#include "adapters/json/document.hpp"
#include "adapters/message.hpp"

#include <optional>
#include <string>

namespace spillway::adapters::responses {

// Not present if the value is no usage object.
[[nodiscard]] usage read_usage(json::value object) noexcept;
// `price` is written on OpenRouter's face only: null if it is not known.
void append_usage(std::string& out, const usage& tokens);
void append_usage(std::string& out, const usage& tokens, const std::optional<cost>& price);

}  // namespace spillway::adapters::responses
