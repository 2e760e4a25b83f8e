// Amazon Bedrock's Converse and ConverseStream, on either side of the waist. Model and streaming stand in the path, and
// a stream is binary: application/vnd.amazon.eventstream. Pure functions; decoders and encoders are objects of one answer.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spillway::adapters::converse {

[[nodiscard]] const canonical::codec& codec() noexcept;

result<> decode_request(padded_view body, const request_facts& facts, canonical::request& into);
result<> encode_request(
    const canonical::request& from, const canonical::encode_context& to, std::string& out
);

[[nodiscard]] std::unique_ptr<canonical::answer_decoder>
make_decoder(const canonical::decode_context& context);
[[nodiscard]] std::unique_ptr<canonical::answer_encoder> make_encoder(const answer_context& context
);

// {"message":"…","__type":"ThrottlingException"}; the AWS SDKs look for the name in the head field x-amzn-ErrorType
// first: exception_of().
[[nodiscard]] std::string
render_problem(const problem& why, face side, std::string_view request_id = {});
[[nodiscard]] std::string render_stream_problem(const problem& why, const answer_context& context);
// "ThrottlingException"
[[nodiscard]] std::string_view exception_of(const problem& why) noexcept;

[[nodiscard]] problem explain(
    const answer_head& head,
    std::string_view body,
    const provider_row& row,
    std::string_view provider
);
// An exception inside a stream, or an error object in a 200. `name` may be empty.
[[nodiscard]] problem
explain_inside(std::string_view name, std::string_view body, std::string_view provider);

}  // namespace spillway::adapters::converse
