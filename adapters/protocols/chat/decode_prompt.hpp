// The members of a legacy completion that a chat request has not, on their way into the waist: the prompt becomes one
// message of the user's, for providers whose models only chat. Pure.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/document.hpp"

#include <string_view>

namespace spillway::adapters::chat {

// Names that mean something else in a chat, or nothing.
[[nodiscard]] bool is_completion_member(std::string_view name) noexcept;

// What they say, and the limit a completion has when it names none.
[[nodiscard]] result<> decode_prompt(json::value root, canonical::request& into);

}  // namespace spillway::adapters::chat
