// The client's chat body as one provider takes it: edits over the client's text, never a new text. Pure.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/registry.hpp"

#include <string_view>

namespace spillway::adapters::chat {

// REQUIRES: the model's name needs no escape in JSON.
[[nodiscard]] result<dropped_names> prepare_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
);

}  // namespace spillway::adapters::chat
