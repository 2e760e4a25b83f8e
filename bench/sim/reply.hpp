// What the simulated provider wants to say, before any fault touches it: a whole body or a list of events.
// Pure values; playing them on a connection is the business of script.hpp and connection.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

struct reply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;                 // of a whole answer
    std::vector<std::string> events;  // of a stream: the data of each event, "[DONE]" left out
    bool is_stream = false;
    std::size_t prompt_tokens = 0;
    std::size_t completion_tokens = 0;
    std::string extra_fields;  // complete field lines
};

// An error in OpenAI's envelope. Empty param and code print as null.
struct api_error {
    int status = 400;
    std::string message;
    std::string type = "invalid_request_error";
    std::string param;
    std::string code;
};

std::string print_error(const api_error& error);
reply make_error_reply(const api_error& error);

}  // namespace spillway::bench::sim
