// Plain description → validated table, or the list of everything that is wrong with it. Runs at start and on
// reload, never on a request's path. Build with one registry for the life of the process: that is what keeps
// breakers, rests and counts across a reload.
#pragma once

#include "routing/description.hpp"
#include "routing/table.hpp"
#include "routing/target_state.hpp"

#include <boost/system/result.hpp>

#include <memory>
#include <string>
#include <vector>

namespace spillway::routing {

struct complaints {
    std::vector<std::string> texts;  // one sentence a fault, none of them holding a secret
};

[[noreturn]] void
throw_exception_from_error(const complaints& why, const boost::source_location& where);

using built_table = boost::system::result<std::shared_ptr<const table>, complaints>;

built_table build_table(const description& plain, state_registry& states);

}  // namespace spillway::routing
