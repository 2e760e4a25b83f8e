// Google's JSON as protocol buffers read it: names in snake_case mean the same as in camelCase. What a caller
// owns (arguments, results, schemas, labels) is left as it is.
#pragma once

#include "bench/sim/dialects/json_view.hpp"

namespace spillway::bench::sim {

// All names in camelCase.
json::object to_camel_case(const json::object& request);

// An OpenAPI schema ("type":"OBJECT") as a JSON schema ("type":"object").
json::value to_json_schema(const json::value& schema);

}  // namespace spillway::bench::sim
