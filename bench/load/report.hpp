// The figures of a run, for a person and for a program. Every name is explained in bench/README.md.
#pragma once

#include "bench/load/options.hpp"
#include "bench/load/run.hpp"

#include <string>

namespace spillway::bench::load {

std::string print_table(const options& chosen, const figures& measured);
std::string print_json(const options& chosen, const figures& measured);

}  // namespace spillway::bench::load
