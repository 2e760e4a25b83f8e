// The response object as it stands in a whole answer and in the events that open and close a stream. Where the context
// does not know the request's settings, the members that echo them say their defaults. Stateless.
#pragma once

#include "adapters/answer.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::responses {

struct response_state {
    std::string_view status = "in_progress";
    std::string_view output;         // the items, without the brackets
    std::string_view incomplete;     // the reason, where the status is incomplete
    std::string_view error_code;     // where it is failed
    std::string_view error_message;  // escaped
    const usage* tokens = nullptr;   // null: not known yet
};

void append_response(std::string& out, const answer_context& context, const response_state& state);

// The name of an event and its first members, up to behind its sequence number. The plain face names events, as
// OpenAI does; OpenRouter's does not.
void open_event(
    std::string& out, const answer_context& context, std::string_view type, std::uint64_t number
);

}  // namespace spillway::adapters::responses
