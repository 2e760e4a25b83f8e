// Claude at Google's and at Amazon's: what of a Messages request that otherwise stays as its client wrote it these hosts
// refuse, and which betas they know. "Extra inputs are not permitted" is what they say to the rest.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/protocols/messages/block_writer.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::messages {

// The names of a client's field lines of betas that the host knows, as a list; empty: none.
[[nodiscard]] std::string known_betas(hosting where, std::string_view field_lines);

// Leaves the body as it is but for the model, what only the gateway reads, what the host or the model refuses (`dropped`
// names it), and the host's own marks in front.
void adapt_body(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits,
    dropped_names& dropped
);

}  // namespace spillway::adapters::messages
