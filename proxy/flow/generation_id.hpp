// Ids of answers, in OpenRouter's form: "gen-", Unix seconds, "-", twenty letters and digits.
#pragma once

#include "proxy/base/random.hpp"
#include "proxy/observe/request_record.hpp"

#include <cstdint>

namespace spillway::flow {

observe::generation_id
make_generation_id(std::int64_t unix_seconds, base::random_source& random) noexcept;

}  // namespace spillway::flow
