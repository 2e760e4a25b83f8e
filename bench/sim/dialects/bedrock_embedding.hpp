// InvokeModel for embeddings: Amazon's own Titan, one text a request, and Cohere's models in Amazon's form. Vectors
// are the same numbers as everywhere here.
#pragma once

#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace spillway::bench::sim {

[[nodiscard]] bool is_bedrock_embedding(std::string_view model);

// A complaint, or the answer. REQUIRES: is_bedrock_embedding(model).
std::variant<std::string, reply>
embed_bedrock(const boost::json::object& request, std::string_view model, std::string_view id);

}  // namespace spillway::bench::sim
