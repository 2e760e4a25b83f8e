// Prints an answer as GenerateContentResponse: whole, as server-sent events, or as one JSON array in pieces.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/dialects/gemini_check.hpp"
#include "bench/sim/reply.hpp"

#include <string>

namespace spillway::bench::sim {

struct gemini_frame {
    std::string id;
    std::string model;
    google_surface surface{};
};

enum class gemini_stream { events, array };

reply print_gemini(const answer& made, const gemini_frame& frame);
reply stream_gemini(const answer& made, const gemini_frame& frame, gemini_stream form);

}  // namespace spillway::bench::sim
