// The pieces scripts are made of: heads, chunks, and the undisturbed delivery of a reply. Pure functions.
#pragma once

#include "bench/sim/script.hpp"

#include <string>
#include <string_view>

namespace spillway::bench::sim {

inline constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string frame_chunk(std::string_view data);

// Head and body in one step.
script whole_script(const reply& answer, const delivery& how);

// The head is a step of its own, then a step an event, then what closes it and the last chunk.
script stream_script(const reply& answer, const delivery& how);

// Whichever of the two the reply is.
script plain_script(const reply& answer, const delivery& how);

// A whole answer in chunks, without the last one.
script chunked_whole(const reply& answer, const delivery& how);

// A whole 200 with this body, whatever the reply was.
script
whole_with_body(reply answer, const delivery& how, std::string body, const std::string& fields);

}  // namespace spillway::bench::sim
