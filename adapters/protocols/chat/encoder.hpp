// Writers of chat answers at the waist, one for each delivery. See codec.hpp for the one that picks.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <memory>

namespace spillway::adapters::chat {

[[nodiscard]] std::unique_ptr<canonical::answer_encoder>
make_stream_encoder(const answer_context& context);
[[nodiscard]] std::unique_ptr<canonical::answer_encoder>
make_whole_encoder(const answer_context& context);
// Of either delivery, for clients of the legacy completions.
[[nodiscard]] std::unique_ptr<canonical::answer_encoder>
make_completion_encoder(const answer_context& context);

}  // namespace spillway::adapters::chat
