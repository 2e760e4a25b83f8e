// Prints an answer in Cohere's form, whole or as its events.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/reply.hpp"

namespace spillway::bench::sim {

reply print_cohere(const answer& made, const answer_frame& frame);
reply stream_cohere(const answer& made, const answer_frame& frame);

// 32 hex digits as Cohere writes ids.
std::string uuid_of(std::string_view hex);

}  // namespace spillway::bench::sim
