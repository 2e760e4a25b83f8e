#include "adapters/protocols/responses/codec.hpp"

#include "adapters/errors.hpp"
#include "adapters/protocols/chat/errors.hpp"

namespace spillway::adapters::responses {

// Errors that are no part of a stream look as they do in Chat Completions.
const canonical::codec& codec() noexcept {
    static constexpr canonical::codec table{
        .which = protocol::responses,
        .streams = framing::events,
        .stream_type = "text/event-stream",
        .keepalive = ": keep-alive\n\n",
        .decode_request = decode_request,
        .make_encoder = make_encoder,
        .render_problem = render_problem,
        .render_stream_problem = render_stream_problem,
        .encode_request = encode_request,
        .make_decoder = make_decoder,
        .explain = chat::explain_answer,
    };
    return table;
}

}  // namespace spillway::adapters::responses
