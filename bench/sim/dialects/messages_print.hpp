// Prints an answer in Anthropic's form: as one message, or as the events of a stream.
#pragma once

#include "bench/sim/dialects/answer.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

// Who an answer is printed for: ids carry the host's mark, the model is named as it was asked.
struct message_frame {
    std::string id;  // complete
    std::string model;
};

boost::json::object print_message(const answer& made, const message_frame& frame);

// All events from message_start to message_stop, without the ping.
std::vector<boost::json::object> message_events(const answer& made, const message_frame& frame);

}  // namespace spillway::bench::sim
