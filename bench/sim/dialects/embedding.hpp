// The simulated embedding model: vectors of unit length that depend only on the text. Pure functions.
#pragma once

#include <boost/json/array.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {

std::vector<float> embed(std::string_view text, std::size_t dimensions);
boost::json::array list_components(const std::vector<float>& vector);

}  // namespace spillway::bench::sim
