// OpenAI's Responses at the waist: the table of functions by which this protocol stands on either side of a
// translation. Stateless: what needs a provider that remembers is refused with words that say so. Pure.
#pragma once

#include "adapters/canonical/codec.hpp"

namespace spillway::adapters::responses {

[[nodiscard]] const canonical::codec& codec() noexcept;

// What the table is made of.
[[nodiscard]] result<>
decode_request(padded_view body, const request_facts& facts, canonical::request& into);
[[nodiscard]] result<> encode_request(
    const canonical::request& from, const canonical::encode_context& to, std::string& out
);
[[nodiscard]] std::unique_ptr<canonical::answer_decoder>
make_decoder(const canonical::decode_context& context);
[[nodiscard]] std::unique_ptr<canonical::answer_encoder> make_encoder(const answer_context& context
);
[[nodiscard]] std::string render_stream_problem(const problem& why, const answer_context& context);

}  // namespace spillway::adapters::responses
