// What Anthropic refuses with 400 before a model sees the request. The same body comes to Bedrock (invoke)
// and Vertex with small differences. Complaints name the place as Anthropic does: "messages.0.content.1: …".
#pragma once

#include "bench/sim/dialects/checks.hpp"

namespace spillway::bench::sim {

enum class messages_host { anthropic, bedrock, vertex };
enum class messages_purpose { generate, count };

verdict check_messages(const json::object& request, messages_host host, messages_purpose purpose);

// One conversation: roles, blocks, and that every call has its result. `thinks`: thinking is switched on.
enum class thinking_state { off, on };
verdict check_turns(const json::array& messages, messages_host host, thinking_state thinking);

// A content block at `where`.
verdict check_block(
    const json::value& block, std::string_view role, messages_host host, const std::string& where
);

// A mark for the prompt cache on any object; counts it.
verdict check_cache_mark(const json::object& marked, const std::string& where, std::size_t& marks);

}  // namespace spillway::bench::sim
