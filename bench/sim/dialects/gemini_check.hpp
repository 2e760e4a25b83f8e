// What Google refuses with 400 before a model sees the request: unknown names, roles, parts without data,
// results that do not pair with calls, schemas beyond the subset. Names are in camelCase already.
#pragma once

#include "bench/sim/dialects/checks.hpp"

namespace spillway::bench::sim {

// The Gemini API takes API keys, Vertex AI access tokens; a few members exist on one side only.
enum class google_surface { studio, vertex };

verdict check_gemini(const json::object& request, std::string_view model, google_surface surface);

// Of the conversation alone.
verdict check_contents(const json::object& request, std::string_view model, google_surface surface);

// "functionDeclarations" and "toolConfig".
verdict check_gemini_tools(const json::object& request);

}  // namespace spillway::bench::sim
