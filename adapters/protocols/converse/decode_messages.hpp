// Converse's system and messages on their way into the waist: content blocks become parts, a cachePoint marks what
// stands in front of it, and the tool results of a user's message become a message of their own in front of it.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/document.hpp"
#include "adapters/message.hpp"

namespace spillway::adapters::converse {

result<> decode_messages(json::value root, canonical::request& into);

// cachePoint's ttl.
[[nodiscard]] canonical::cache_mark mark_of(json::value cache_point) noexcept;

}  // namespace spillway::adapters::converse
