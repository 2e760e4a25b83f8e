// Faults that are an answer in good form: error statuses with and without a pause asked for, pages of HTML,
// redirects, bodies that are not what they should be. Pure functions.
#pragma once

#include "bench/sim/script.hpp"

namespace spillway::bench::sim {

// REQUIRES: a kind of fault that replaces the answer by another one, and that `answer.voice` is set.
script faulty_status(const reply& answer, const delivery& how, const fault& wrong);

}  // namespace spillway::bench::sim
