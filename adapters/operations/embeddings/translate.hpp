// The way of a request for embeddings and of its answer through an adapter. A client whose dialect the endpoint speaks
// keeps its own body but for the model's name, and gets the answer octet for octet.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/registry.hpp"

#include <memory>
#include <string_view>

namespace spillway::adapters::embeddings {

// REQUIRES: not a client of Chat Completions' protocol towards a provider of it; `edits` was made over facts.body()
// and is empty.
[[nodiscard]] result<dropped_names> prepare(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
);

// REQUIRES: context.asked.
[[nodiscard]] std::unique_ptr<answer_translator>
make_answer(const provider_row& row, const answer_context& context, std::string_view provider);

}  // namespace spillway::adapters::embeddings
