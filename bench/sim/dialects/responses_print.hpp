// Prints an answer as a response object of OpenAI's Responses API, whole or as its typed events.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

namespace spillway::bench::sim {

reply print_response(
    const answer& made, const boost::json::object& request, const answer_frame& frame
);
reply stream_response(
    const answer& made, const boost::json::object& request, const answer_frame& frame
);

}  // namespace spillway::bench::sim
