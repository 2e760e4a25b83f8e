// The two views the waist is made of.
#pragma once

#include "adapters/json/spelled.hpp"

namespace spillway::adapters::canonical {

using json::escaped;
using json::raw_value;

}  // namespace spillway::adapters::canonical
