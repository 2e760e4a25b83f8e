// Prints an answer in Ollama's form: one object, or a line of JSON a piece.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/reply.hpp"

#include <string>

namespace spillway::bench::sim {

// /api/chat wraps the text in a message, /api/generate does not.
enum class ollama_form { chat, generate };

reply print_ollama(
    const answer& made, const std::string& model, const answer_frame& frame, ollama_form form
);
reply stream_ollama(
    const answer& made, const std::string& model, const answer_frame& frame, ollama_form form
);

}  // namespace spillway::bench::sim
