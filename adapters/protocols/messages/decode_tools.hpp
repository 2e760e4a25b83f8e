// Reads the tools of a client's request. Those whose schema stands in no request, because Anthropic's models have
// learnt it, become functions with that schema: the client runs them, whoever calls. Stateless.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/document.hpp"

namespace spillway::adapters::messages {

result<> decode_tools(json::value list, canonical::request& into);
result<> decode_tool_choice(json::value choice, canonical::request& into);

}  // namespace spillway::adapters::messages
