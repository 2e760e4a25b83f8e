#include "adapters/protocols/gemini/codec.hpp"

namespace spillway::adapters::gemini {

const canonical::codec& codec() noexcept {
    static constexpr canonical::codec table{
        .which = protocol::gemini,
        .streams = framing::events,
        .stream_type = "text/event-stream",
        // SDKs of this protocol take every line of a stream for a chunk: nothing may stand between two.
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

}  // namespace spillway::adapters::gemini
