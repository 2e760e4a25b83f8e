// Event streams: events do not depend on the cut, and where the boundary finder allows a cut, a reader is between two
// events. The first octet chooses the cut.
#include "proxy/wire/sse_scanner.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <string>

namespace {

using namespace spillway::wire;

void feed(sse_reader& reader, std::string_view piece, std::string& out) {
    while (!piece.empty()) {
        const sse_step step = reader.next(piece);
        if (step == sse_step::refused) {
            out += "refused";
            return;
        }
        if (step != sse_step::event) continue;
        out.append(reader.type()).append("\x1f").append(reader.data()).append("\x1f");
        out.append(reader.last_id()).append("\x1e");
    }
}

std::string events_of(std::string_view text, std::size_t cut) {
    sse_reader reader{512, 1024};
    std::string out;
    feed(reader, text.substr(0, cut), out);
    if (!out.ends_with("refused")) feed(reader, text.substr(cut), out);
    return out;
}

// A comment put in at a boundary must change nothing.
void check_boundary(std::string_view text, std::size_t cut) {
    sse_boundary boundary;
    std::string passed;
    std::size_t offset = 0;
    for (std::string_view piece : {text.substr(0, cut), text.substr(cut)}) {
        const std::size_t size = boundary.take(piece);
        FUZZ_CHECK(size <= piece.size());
        passed += piece.substr(0, size);
        // A line feed that belongs to a carriage return before it would end the comment's line early.
        const bool splits_line_end = offset + size < text.size() && size != 0 &&
                                     piece[size - 1] == '\r' && text[offset + size] == '\n';
        if (size != 0 && !splits_line_end) passed += ": x\n\n";
        passed += piece.substr(size);
        offset += piece.size();
    }
    // The first line may begin with the byte order mark, which is nothing but text elsewhere.
    if (!text.starts_with('\xef')) FUZZ_CHECK(events_of(passed, 0) == events_of(text, 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::size_t cut = text.empty() ? 0 : data[0] * 3u % text.size();
    FUZZ_CHECK(events_of(text, 0) == events_of(text, cut));
    check_boundary(text, cut);
    return 0;
}
