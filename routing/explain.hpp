// `--print-routes MODEL`: which endpoints a request for the model would try, in which order and why, and which
// would be left out and why. For people; not on a request's path.
#pragma once

#include "routing/access/key_ring.hpp"
#include "routing/facts.hpp"
#include "routing/table.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::routing {

std::string print_routes(
    const table& routes,
    std::string_view model,
    const client_key& who,
    time_point now,
    std::uint64_t random
);

}  // namespace spillway::routing
