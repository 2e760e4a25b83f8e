// The scripts of all faults. Pure function.
#pragma once

#include "bench/sim/script.hpp"

namespace spillway::bench::sim {

script faulty_script(const reply& answer, const delivery& how, const fault& wrong);

}  // namespace spillway::bench::sim
