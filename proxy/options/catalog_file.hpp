// A catalogue file: JSON in which models and their endpoints are described in the words and units of
// OpenRouter's model and endpoint objects (prices are strings, USD per token). Fields of those objects that
// mean nothing here are passed over; what is misspelt or has the wrong type is a problem with its place.
#pragma once

#include "proxy/options/value.hpp"

#include <string_view>
#include <vector>

namespace spillway::settings {

struct catalog_content {
    std::vector<model> models;  // one an endpoint, in the order of the file
    std::vector<problem> problems;
    std::vector<problem> doubts;  // the file can be used, but perhaps not as it was meant
};

catalog_content read_catalog(std::string_view json);

}  // namespace spillway::settings
