// A value that satisfies a simple JSON schema: type, properties, items, enum, const, anyOf/oneOf, $ref into
// $defs, minimum, minItems, minLength. What it does not know it answers with a text.
#pragma once

#include <boost/json/value.hpp>

namespace spillway::bench::sim {

boost::json::value fill_schema(const boost::json::value& schema);

}  // namespace spillway::bench::sim
