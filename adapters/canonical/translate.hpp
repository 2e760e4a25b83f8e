// The two ways through the waist, for adapters: a request of a foreign dialect becomes the provider's body, and the
// provider's answer becomes the dialect's. Pure.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/canonical/codec.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace spillway::adapters::canonical {

// REQUIRES: facts.dialect is not what the row speaks; `edits` was made over facts.body() and is empty.
[[nodiscard]] result<dropped_names> translate_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
);

// The translator of an answer of the row's protocol for the context's dialect. `streams`: how the answer is framed,
// nothing for one that is no stream.
[[nodiscard]] std::unique_ptr<answer_translator> translate_answer(
    const provider_row& row,
    const answer_context& context,
    std::optional<framing> streams,
    std::string_view provider
);

}  // namespace spillway::adapters::canonical
