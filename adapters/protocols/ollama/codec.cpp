#include "adapters/protocols/ollama/codec.hpp"

namespace spillway::adapters::ollama {

const canonical::codec& codec() noexcept {
    static constexpr canonical::codec table{
        .which = protocol::ollama,
        .streams = framing::lines,
        .stream_type = "application/x-ndjson",
        .keepalive = {},  // each line is a document: there is no line that says nothing
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

}  // namespace spillway::adapters::ollama
