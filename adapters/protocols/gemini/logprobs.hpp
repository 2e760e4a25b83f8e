// Logarithmic probabilities in Google's form and in OpenAI's, which is the waist's. Stateless.
#pragma once

#include "adapters/json/document.hpp"

#include <string>

namespace spillway::adapters::gemini {

// The elements of OpenAI's logprobs.content, without the brackets, out of a logprobsResult.
void append_openai_logprobs(json::value result, std::string& out);
// A logprobsResult out of the list of those elements.
void append_google_logprobs(json::value content, std::string& out);

}  // namespace spillway::adapters::gemini
