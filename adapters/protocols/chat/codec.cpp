#include "adapters/protocols/chat/codec.hpp"

#include "adapters/errors.hpp"
#include "adapters/protocols/chat/errors.hpp"

namespace spillway::adapters::chat {

const canonical::codec& codec() noexcept {
    static constexpr canonical::codec table{
        .which = protocol::chat,
        .streams = framing::events,
        .stream_type = "text/event-stream",
        .keepalive = ": keep-alive\n\n",
        .decode_request = decode_request,
        .make_encoder = make_encoder,
        .render_problem = render_problem,
        .render_stream_problem = render_stream_problem,
        .encode_request = encode_request,
        .make_decoder = make_decoder,
        .explain = explain_answer,
    };
    return table;
}

}  // namespace spillway::adapters::chat
