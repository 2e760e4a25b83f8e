// Content codings: what comes out does not depend on the cut nor on the room, and no call gives more than there is room
// for. The first octet chooses the coding, the second the cut, the third the room.
#include "proxy/wire/content_decoder.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace {

using namespace spillway::wire;
using state = content_decoder::state;

constexpr std::size_t most = 1 << 20;  // what a bomb may fill

struct outcome {
    std::string plain;
    state now = state::hungry;
    bool operator==(const outcome&) const = default;
};

void feed(content_decoder& decoder, std::string_view piece, std::size_t room, outcome& out) {
    std::vector<char> space(room);
    for (bool fresh = true; out.now != state::broken; fresh = false) {
        if (!fresh && piece.empty() && out.now != state::full) return;
        const auto step = decoder.decode(piece, space);
        FUZZ_CHECK(step.taken <= piece.size() && step.made <= room);
        FUZZ_CHECK(step.now != state::full || step.made == room);
        FUZZ_CHECK(step.now != state::hungry || step.taken == piece.size());
        out.plain.append(space.data(), step.made);
        out.now = step.now;
        piece.remove_prefix(step.taken);
        if (step.now == state::ended && step.taken == 0 && !piece.empty()) out.now = state::broken;
        if (out.plain.size() > most) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size < 3) return 0;
    constexpr std::array codings{
        content_coding::gzip,
        content_coding::deflate,
        content_coding::brotli,
        content_coding::zstd};
    const auto coding = codings[data[0] % codings.size()];
    const std::string_view octets{reinterpret_cast<const char*>(data) + 3, size - 3};
    const std::size_t cut = std::min<std::size_t>(data[1], octets.size());
    outcome whole;
    feed(*make_content_decoder(coding), octets, 4096, whole);
    outcome pieces;
    const auto decoder = make_content_decoder(coding);
    feed(*decoder, octets.substr(0, cut), 1u + data[2], pieces);
    if (cut < octets.size()) feed(*decoder, octets.substr(cut), 1u + data[2], pieces);
    if (whole.plain.size() > most || pieces.plain.size() > most) return 0;
    if (whole.now == state::ended || pieces.now == state::ended) FUZZ_CHECK(whole == pieces);
    return 0;
}
