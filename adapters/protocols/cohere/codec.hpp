// Cohere's chat API, version 2, both sides: as the dialect of clients, and as what Cohere speaks.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <memory>
#include <string>

namespace spillway::adapters::cohere {

[[nodiscard]] const canonical::codec& codec() noexcept;

// The entries of the table.
result<> decode_request(padded_view body, const request_facts& facts, canonical::request& into);
[[nodiscard]] std::unique_ptr<canonical::answer_encoder> make_encoder(const answer_context& context
);
[[nodiscard]] std::string
render_problem(const problem& why, face side, std::string_view request_id = {});
[[nodiscard]] std::string render_stream_problem(const problem& why, const answer_context& context);
result<> encode_request(
    const canonical::request& from, const canonical::encode_context& to, std::string& out
);
[[nodiscard]] std::unique_ptr<canonical::answer_decoder>
make_decoder(const canonical::decode_context& context);
[[nodiscard]] problem explain(
    const answer_head& head,
    std::string_view body,
    const provider_row& row,
    std::string_view provider
);

// An error told inside a 200.
[[nodiscard]] problem explain_inside(std::string_view message, std::string_view provider);

}  // namespace spillway::adapters::cohere
