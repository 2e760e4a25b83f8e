// What single flags cannot see: completes providers from the table of known ones and the environment, reads
// the catalogue files, and holds all parts against each other. Every fault becomes a complaint of the draft.
#pragma once

#include "proxy/options/flags.hpp"

namespace spillway::settings {

void check(draft& d);

// Providers: completion, keys, URLs, uniqueness, and those found in the environment.
void complete_providers(draft& d);
// Models, catalogue, aliases: every endpoint names a provider that exists.
void check_models(draft& d);

// The known provider of that name, or null.
const known_provider* find_known(const draft& d, std::string_view name);
// Every provider name that exists: declared or known.
std::vector<std::string_view> provider_names(const draft& d);

}  // namespace spillway::settings
