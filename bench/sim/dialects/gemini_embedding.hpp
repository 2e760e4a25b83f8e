// Google's three ways to ask for vectors: embedContent, batchEmbedContents, and Vertex AI's predict.
#pragma once

#include "bench/sim/dialects/dialect.hpp"
#include "bench/sim/dialects/gemini_check.hpp"

#include <variant>

namespace spillway::bench::sim {

// A complaint, or the answer. Names are in camelCase.
std::variant<std::string, reply>
embed_gemini(const boost::json::object& request, const route& where, google_surface surface);

}  // namespace spillway::bench::sim
