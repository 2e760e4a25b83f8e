// Reads requests to Ollama's /api/chat and /api/generate into a prompt, and says what Ollama refuses.
#pragma once

#include "bench/sim/dialects/checks.hpp"
#include "bench/sim/dialects/prompt.hpp"

namespace spillway::bench::sim {

verdict check_ollama_chat(const json::object& request);
verdict check_ollama_generate(const json::object& request);

// REQUIRES: the check of the same name had no complaint.
prompt read_ollama_chat(const json::object& request);
prompt read_ollama_generate(const json::object& request);

}  // namespace spillway::bench::sim
