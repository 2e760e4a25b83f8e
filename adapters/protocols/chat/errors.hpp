// What a provider means when it says no: every documented error body of the OpenAI family, HTML and plain text
// included, folded into one problem. Pure.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/message.hpp"
#include "adapters/registry.hpp"

#include <string_view>

namespace spillway::adapters::chat {

// A non-2xx answer. `provider` is the display name.
[[nodiscard]] problem explain_answer(
    const answer_head& head,
    std::string_view body,
    const provider_row& row,
    std::string_view provider
);

// An error object inside a 200 answer.
[[nodiscard]] problem
explain_inside(std::string_view object, const provider_row& row, std::string_view provider);

// Octets that should have been an answer and are none.
[[nodiscard]] problem
broken_answer(std::string_view octets, std::string_view message, std::string_view provider);

}  // namespace spillway::adapters::chat
