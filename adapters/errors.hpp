// Problems in the client's words: OpenRouter's envelope with the members OpenAI's SDKs read beside it. Both
// faces get the same; texts are JSON-escaped, secrets were cut out where the problem was made.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/message.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters {

// {"error":{"message","code","type","param","metadata":{…}}}
[[nodiscard]] std::string
render_problem(const problem& why, face side, std::string_view request_id = {});

// One event for a failure after the head has gone, blank line included: an answer chunk with `error` and
// finish_reason "error". Never followed by [DONE].
[[nodiscard]] std::string render_stream_problem(const problem& why, const answer_context& context);

// OpenRouter's stable word for a problem, e.g. "rate_limit_exceeded".
[[nodiscard]] std::string_view error_type_of(const problem& why) noexcept;

// Replaces each occurrence of `secret` (if 8 octets or longer) by "***".
void redact(std::string& text, std::string_view secret);
// The same for every text a provider may have filled.
void redact(problem& why, std::string_view secret);

}  // namespace spillway::adapters
