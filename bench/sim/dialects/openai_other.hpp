// What servers with OpenAI's dialect have beside words and vectors: moderations, images, and the ranking of documents
// as Jina and vLLM do it.
#pragma once

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/reply.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace spillway::bench::sim {

std::optional<api_error> validate_rerank(const boost::json::object& request);
std::optional<api_error> validate_moderation(const boost::json::object& request);
std::optional<api_error> validate_images(const boost::json::object& request);

// REQUIRES: validation of the same name had no complaint.
reply answer_rerank(const boost::json::object& request, const answer_frame& frame);
// A text is flagged if it says "flag".
reply answer_moderation(const boost::json::object& request, const answer_frame& frame);
reply answer_images(const boost::json::object& request, const answer_frame& frame);

}  // namespace spillway::bench::sim
