// Ollama's own protocol: /api/chat on both sides, /api/generate as a client's form of it. Lines of JSON, the last of
// which says done. What both sides of it need.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spillway::adapters::ollama {

[[nodiscard]] const canonical::codec& codec() noexcept;

[[nodiscard]] result<>
decode_request(padded_view body, const request_facts& facts, canonical::request& into);
[[nodiscard]] result<> encode_request(
    const canonical::request& from, const canonical::encode_context& to, std::string& out
);
[[nodiscard]] std::unique_ptr<canonical::answer_decoder>
make_decoder(const canonical::decode_context& context);
[[nodiscard]] std::unique_ptr<canonical::answer_encoder> make_encoder(const answer_context& context
);

[[nodiscard]] problem explain(
    const answer_head& head,
    std::string_view body,
    const provider_row& row,
    std::string_view provider
);
// A line {"error":"…"} of an answer of status 200.
[[nodiscard]] problem explain_inside(std::string_view object, std::string_view provider);
[[nodiscard]] std::string
render_problem(const problem& why, face side, std::string_view request_id = {});
[[nodiscard]] std::string render_stream_problem(const problem& why, const answer_context& context);

}  // namespace spillway::adapters::ollama
