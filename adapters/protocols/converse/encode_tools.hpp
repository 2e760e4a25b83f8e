// The member toolConfig: the client's tools, those of the history where they must be declared, the one whose input is a
// structured answer, and the choice among them.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/converse/cache_points.hpp"
#include "adapters/protocols/converse/plan.hpp"

#include <string>

namespace spillway::adapters::converse {

// Appends nothing where there are no tools. A problem: a tool nobody but its provider can run.
result<> encode_tools(
    const canonical::request& from,
    const canonical::encode_context& to,
    const plan& decided,
    cache_points& caches,
    std::string& out
);

}  // namespace spillway::adapters::converse
