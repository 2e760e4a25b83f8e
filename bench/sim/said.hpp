// One choice of an answer as the simulated model decided it, and the facts of the request that shape how it
// is printed. Shared by the printers of whole answers and of streams.
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace spillway::bench::sim {

struct tool_call {
    std::string id;
    std::string name;
    std::string arguments;
};

struct said {
    std::string text;
    std::vector<tool_call> calls;
    std::string finish_reason = "stop";
    std::size_t tokens = 0;
};

// Decides all choices of a chat request.
std::vector<said>
decide_chat(const boost::json::object& request, const std::string& id, std::size_t least_bytes);

// Cuts text at stop sequences and at the token limit of the request.
void apply_limits(const boost::json::object& request, said& choice);

std::size_t count_prompt_tokens(const boost::json::object& request);

}  // namespace spillway::bench::sim
