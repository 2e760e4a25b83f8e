#include "adapters/protocols/converse/codec.hpp"

namespace spillway::adapters::converse {

const canonical::codec& codec() noexcept {
    static constexpr canonical::codec table{
        .which = protocol::converse,
        .streams = framing::event_stream,
        .stream_type = "application/vnd.amazon.eventstream",
        .keepalive = {},
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

}  // namespace spillway::adapters::converse
