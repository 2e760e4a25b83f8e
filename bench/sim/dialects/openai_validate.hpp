// What OpenAI refuses with 400 before a model sees the request, at a basic level: required fields, their
// types and ranges, roles, tool declarations, tool results that answer nothing.
#pragma once

#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace spillway::bench::sim {

std::optional<api_error> validate_chat(const boost::json::object& request);
std::optional<api_error> validate_completion(const boost::json::object& request);
std::optional<api_error> validate_embeddings(const boost::json::object& request);

}  // namespace spillway::bench::sim
