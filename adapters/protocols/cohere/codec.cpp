#include "adapters/protocols/cohere/codec.hpp"

namespace spillway::adapters::cohere {

const canonical::codec& codec() noexcept {
    static constexpr canonical::codec table{
        .which = protocol::cohere,
        .streams = framing::events,
        .stream_type = "text/event-stream",
        .keepalive = ": keep-alive\n\n",
        .decode_request = decode_request,
        .make_encoder = make_encoder,
        .render_problem = render_problem,
        .render_stream_problem = render_stream_problem,
        .encode_request = encode_request,
        .make_decoder = make_decoder,
        .explain = explain,
    };
    return table;
}

}  // namespace spillway::adapters::cohere
