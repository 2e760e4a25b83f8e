// What an answer repeats of its request: the members of a response object that say how it was asked, as the client
// spelled them where that is short, else their defaults. They live as long as the answer, so their size is bounded.
#pragma once

#include "adapters/json/document.hpp"

#include <string>

namespace spillway::adapters::responses {

// A longer one is left at its default: the client knows what it sent.
inline constexpr std::size_t longest_setting = 4096;

// A comma in front of each. `request` may be absent.
void append_settings(json::value request, std::string& out);

}  // namespace spillway::adapters::responses
