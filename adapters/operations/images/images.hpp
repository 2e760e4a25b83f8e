// OpenAI's images of a prompt, made by Google's models that show images in a chat: the prompt becomes one message, and
// the images of the answer become the list its clients read. Pure.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/registry.hpp"

#include <memory>
#include <string_view>

namespace spillway::adapters::images {

// May a model of the row be asked so?
[[nodiscard]] bool can_make(const provider_row& row, std::string_view upstream_model) noexcept;

// REQUIRES: can_make(); `edits` was made over facts.body() and is empty.
[[nodiscard]] result<dropped_names> prepare(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
);
[[nodiscard]] std::unique_ptr<answer_translator>
make_answer(const provider_row& row, const answer_context& context, std::string_view provider);

}  // namespace spillway::adapters::images
