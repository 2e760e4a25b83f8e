// How an account of a known provider comes by its key, its region and its project where no flag names them: the variables and
// files that the provider's own tools read. A complaint where there is nothing.
#pragma once

#include "proxy/options/flags.hpp"

namespace spillway::settings {

// The first of the usual variables that is set and not empty.
const std::string_view* find_variable(const draft& d, const known_provider& known);
// Before the URL is filled in.
void find_place(draft& d, std::string_view where, provider& p, const known_provider& known);
void find_key(draft& d, std::string_view where, provider& p, const known_provider& known);

}  // namespace spillway::settings
