// A connection as proxy/wire sees it, without sockets: feeds pieces through head parser, framing and chunk decoder
// and says one word a message: "accept" or the status of the refusal; "open" at the end if more octets are awaited.
#pragma once

#include "tests/support/three_ways.hpp"

#include <string>
#include <vector>

namespace spillway::conformance {

struct connection_story {
    std::vector<std::string> verdicts;
    bool closed = false;  // by the reader: refused, or the last message asked for it

    // "accept,400" and the like; " open" or " closed" is not part of it.
    std::string words() const;
};

enum class ending : std::uint8_t { stays_open, closes };

// Requests one after the other, until one is refused or asks to close. With a closing client an unfinished message
// is refused ("end").
connection_story read_requests(const testing::pieces& pieces, ending how);

// The answer to a POST; interim answers are skipped, at most 16. One verdict: "accept", "502", or "end" for an
// answer that was cut.
connection_story read_response(const testing::pieces& pieces, ending how);

}  // namespace spillway::conformance
