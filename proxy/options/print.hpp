// Options as text: as a flag file that gives the same options again, and as the summary of --check. Secrets
// appear as the references they came from.
#pragma once

#include "proxy/options.hpp"

#include <string>

namespace spillway {

// Parsed with the same environment and files, the result equals `value`; literal secrets alone do not come
// back, their mask is refused.
std::string render_config(const options& value);

// What would run: a few lines for people.
std::string render_summary(const options& value);

}  // namespace spillway
