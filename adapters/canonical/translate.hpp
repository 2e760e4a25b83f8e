// The two ways through the waist, for adapters: a request of a foreign dialect becomes the provider's body, and the
// provider's answer becomes the dialect's. Pure.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/canonical/codec.hpp"

#include <memory>
#include <string_view>

namespace spillway::adapters::canonical {

// REQUIRES: facts.dialect is not what the row speaks; `edits` was made over facts.body() and is empty.
[[nodiscard]] result<dropped_names> translate_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits,
    answer_wishes& wishes
);

// The same for a client of the row's own protocol, which is not Chat Completions: the body stays as it is but for the
// model and what only the gateway reads.
[[nodiscard]] result<dropped_names> adapt_request(
    const provider_row& row,
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits
);

// What is said when a request demands that nothing be dropped, and something would be.
[[nodiscard]] problem refuse_dropped(const provider_row& row, const dropped_names& dropped);

// The translator of an answer of the row's protocol for the context's dialect.
[[nodiscard]] std::unique_ptr<answer_translator> translate_answer(
    const provider_row& row,
    protocol speaks,
    const answer_context& context,
    std::string_view provider
);

// What a non-2xx answer of the row's protocol means; not redacted yet.
[[nodiscard]] problem explain_answer(
    const provider_row& row,
    const answer_head& head,
    std::string_view body,
    std::string_view provider
);

// An error body in the words of the client's dialect. `request_id`: ours, or empty.
[[nodiscard]] std::string
render_problem(const problem& why, const question& asked, std::string_view request_id);
// The same inside a stream that has begun, as one frame. Empty: nothing may stand there but the end.
[[nodiscard]] std::string render_stream_problem(const problem& why, const answer_context& context);

// How a client's dialect shows a stream.
struct stream_face {
    std::string_view type;  // Content-Type
    std::string_view
        keepalive;  // what may stand between two frames while nothing happens; or nothing
    bool is_event_stream = false;
};
[[nodiscard]] stream_face stream_face_of(const question& asked) noexcept;

}  // namespace spillway::adapters::canonical
