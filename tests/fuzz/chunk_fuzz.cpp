// Chunked bodies: the outcome does not depend on the cut, spans lie in the input, and what was accepted comes out
// the same after it has been framed anew. The first octet chooses the cut.
#include "proxy/wire/chunk_decoder.hpp"
#include "proxy/wire/chunk_writer.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <string>

namespace {

using namespace spillway::wire;

struct outcome {
    std::string body;
    std::string behind;
    chunk_event last = chunk_event::need_more;
    unsigned status = 0;

    bool operator==(const outcome&) const = default;
};

void feed(chunk_decoder& decoder, std::string_view piece, outcome& out) {
    const std::string_view all = piece;
    while (out.last == chunk_event::need_more) {
        const chunk_step step = decoder.decode(piece);
        if (step.event == chunk_event::data) {
            FUZZ_CHECK(!step.text.empty());
            FUZZ_CHECK(step.text.data() >= all.data());
            FUZZ_CHECK(step.text.data() + step.text.size() == piece.data());
            out.body += step.text;
            continue;
        }
        out.last = step.event;
        out.status = step.status;
        if (step.event == chunk_event::need_more) {
            FUZZ_CHECK(piece.empty());
            return;
        }
    }
    if (out.last == chunk_event::done) out.behind += piece;
}

outcome decode(std::string_view text, std::size_t cut) {
    chunk_decoder decoder{1 << 20};
    outcome out;
    feed(decoder, text.substr(0, cut), out);
    feed(decoder, text.substr(cut), out);
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::size_t cut = text.empty() ? 0 : data[0] * 3u % text.size();
    const outcome whole = decode(text, 0);
    FUZZ_CHECK(whole == decode(text, cut));
    if (whole.last != chunk_event::done) return 0;
    std::string again;
    if (!whole.body.empty()) {
        chunk_line room;
        again.append(chunk_size_line(room, whole.body.size())).append(whole.body).append(chunk_end);
    }
    again.append(last_chunk).append(whole.behind);
    FUZZ_CHECK(decode(again, 0) == whole);
    return 0;
}
