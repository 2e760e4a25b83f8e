// The three sources of settings: arguments, SPILLWAY_* variables, flag files. They are split into settings
// here; what a setting's text means is the flag table's business.
#pragma once

#include "proxy/options/flags.hpp"

#include <string>
#include <vector>

namespace spillway::settings {

// Everything found, the strongest source first, each source in its own order.
struct collected_settings {
    std::vector<setting> settings;
    action what = action::run;
    std::string argument;  // of the action
};

// Faults and doubts go into `d.outcome`. With --help or --version nothing but the arguments is read.
collected_settings collect_settings(draft& d);

}  // namespace spillway::settings
