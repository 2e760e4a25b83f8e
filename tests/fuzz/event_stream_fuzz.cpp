// Event streams: what comes out does not depend on how the octets were cut, and headers never lead outside their
// message. The first two octets choose the cut and the share of the rest that are headers; the rest is tried as a
// stream as it stands, and as the inside of a message whose lengths and sums are right.
#include "adapters/canonical/frame_reader.hpp"
#include "adapters/protocols/converse/crc32.hpp"
#include "adapters/protocols/converse/event_stream.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace spillway::adapters;

std::string run(std::string_view text, std::size_t cut) {
    const auto reader = canonical::make_frame_reader(framing::event_stream);
    std::string said;
    canonical::read_frame one;
    for (const std::string_view part : {text.substr(0, cut), text.substr(cut)}) {
        const std::unique_ptr<char[]> exact{new char[part.size()]};  // for the sanitizer
        part.copy(exact.get(), part.size());
        reader->feed({exact.get(), part.size()});
        while (reader->next(one)) {
            said.append(one.frame.name).append(one.frame.is_exception ? "!" : "=");
            said.append(one.frame.data.text()).append(one.whole);
        }
    }
    FUZZ_CHECK(!reader->flush(one));
    return said + (reader->is_broken() ? "broken" : "whole");
}

void append_big_endian(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xffU));
}

std::string message_of(std::string_view inside, std::size_t headers) {
    std::string text;
    append_big_endian(text, static_cast<std::uint32_t>(inside.size() + 16));
    append_big_endian(text, static_cast<std::uint32_t>(headers));
    append_big_endian(text, converse::crc32(text));
    text.append(inside);
    append_big_endian(text, converse::crc32(text));
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
    FUZZ_CHECK(run(text, text.size()) == run(text, data[0] * text.size() / 255));
    const std::string message = message_of(text, data[1] * text.size() / 255);
    FUZZ_CHECK(converse::message_size(message) == message.size());
    const std::string twice = message + message;
    FUZZ_CHECK(run(twice, twice.size()) == run(twice, data[0] * twice.size() / 255));
    if (const auto read = converse::read_message(message)) {
        converse::header one;
        std::size_t seen = 0;
        for (std::string_view rest = read->headers; converse::next_header(rest, one);)
            seen += one.name.size() + one.value.size() + 2;
        FUZZ_CHECK(seen <= read->headers.size());
    }
    return 0;
}
