// Ids of answers, in OpenRouter's form: "gen-", Unix seconds, "-", twenty letters and digits; and how a head tells them.
#pragma once

#include "adapters/message.hpp"
#include "proxy/base/random.hpp"
#include "proxy/observe/request_record.hpp"
#include "proxy/wire/head_writer.hpp"

#include <cstdint>
#include <string_view>

namespace spillway::flow {

observe::generation_id
make_generation_id(std::int64_t unix_seconds, base::random_source& random) noexcept;

// Whether the answer's x-request-id is the provider's, passed on.
enum class named_by : std::uint8_t { nobody, upstream };

// Ours, and where clients of the dialect look for the id of a request.
void add_generation_id(
    wire::head_writer& head, adapters::protocol dialect, std::string_view id, named_by x_request_id
);

}  // namespace spillway::flow
