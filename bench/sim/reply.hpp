// What the simulated provider wants to say, before any fault touches it: a whole body or a list of events.
// Pure values; playing them on a connection is the business of script.hpp and connection.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

class dialect;

struct reply {
    const dialect* voice = nullptr;  // who words the faults; set by the provider
    int status = 200;
    std::string content_type = "application/json";
    std::string body;                 // of a whole answer
    std::vector<std::string> events;  // of a stream, framed
    std::string closing;  // what ends a stream properly, framed; not counted as an event
    std::string opening;  // Responses: the response at its start, for events that break it off
    bool is_stream = false;
    bool is_sealed = false;  // events carry checksums: no stamp may be put into them
    std::size_t prompt_tokens = 0;
    std::size_t completion_tokens = 0;
    std::string extra_fields;  // complete field lines
};

inline constexpr std::string_view event_stream_type = "text/event-stream; charset=utf-8";

// An error as the simulator thinks of it: in OpenAI's words, other dialects go by status, message and code.
// Empty param and code print as null.
struct api_error {
    int status = 400;
    std::string message;
    std::string type = "invalid_request_error";
    std::string param;
    std::string code;   // a dialect's own name for it where the status does not tell
    std::string pause;  // seconds to wait, for dialects that say so in the body
};

api_error error_of(int status, std::string message, std::string code = {});

// In OpenAI's envelope.
std::string print_error(const api_error& error);
reply make_error_reply(const api_error& error);

}  // namespace spillway::bench::sim
