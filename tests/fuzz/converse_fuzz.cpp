// Converse on both sides of the waist: any body is decoded or refused, what is encoded of it is JSON, and an answer does
// not depend on how it was cut. The first octet chooses the cut; the rest is tried as a request, as a whole answer, and
// line by line as the events of a stream, the first character of a line being the kind of its event.
#include "adapters/canonical/translated_answer.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/converse/event_stream.hpp"
#include "adapters/protocols/converse/text_delta.hpp"
#include "adapters/registry.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace {

using namespace spillway::adapters;

constexpr std::array<std::string_view, 8> names{
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
    "throttlingException",
    "novelty"};
constexpr std::array<std::string_view, 4> models{
    "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "us.amazon.nova-2-lite-v1:0",
    "mistral.mistral-7b-instruct-v0:2"};

bool is_json(std::string_view text) {
    const padded_text padded{text};
    json::document read;
    return read.read(padded.view());
}

void try_request(std::string_view body) {
    const padded_text padded{body};
    for (const std::string_view model : models) {
        canonical::arena texts;
        canonical::request asked{texts};
        if (!converse::decode_request(padded.view(), {}, asked)) return;
        dropped_names dropped;
        std::string out;
        json::long_texts longs{padded.view().text(), 1};
        const canonical::encode_context to{
            *find_row("amazon-bedrock"), model, operation::chat, dropped, longs};
        if (!converse::encode_request(asked, to, out)) continue;
        edit_list edits{padded.view().text()};
        longs.write(out, edits);
        FUZZ_CHECK(is_json(edits.text()));
    }
}

// What is read the short way is what is read the long way.
void try_delta(std::string_view payload) {
    const padded_text padded{payload};
    const auto quick = converse::read_text_delta(padded.view());
    if (!quick) return;
    json::document read;
    FUZZ_CHECK(read.read(padded.view()));
    FUZZ_CHECK(read.root()["contentBlockIndex"].count() == quick->index);
    FUZZ_CHECK(read.root()["delta"]["text"].string() == quick->text);
}

struct outcome {
    std::string octets;
    bool complete = false;
    bool failed = false;
    bool operator==(const outcome&) const = default;
};

outcome run(std::string_view text, delivery how, std::size_t cut, ending end) {
    answer_context context;
    context.dialect = protocol::converse;
    context.how = how;
    context.frames = how == delivery::streamed ? framing::event_stream : framing::none;
    canonical::translated_answer translator{
        converse::make_decoder({*find_row("amazon-bedrock"), "p"}),
        converse::make_encoder(context),
        context,
        "p"};
    outcome out;
    piece_list pieces;
    for (const std::string_view part : {text.substr(0, cut), text.substr(cut)}) {
        pieces.clear();
        translator.feed(part, pieces);
        out.octets += pieces.joined();
    }
    pieces.clear();
    translator.finish({}, end, pieces);
    out.octets += pieces.joined();
    out.complete = translator.facts().complete;
    out.failed = translator.failure() != nullptr;
    return out;
}

std::string frames_of(std::string_view lines) {
    std::string out;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.empty()) continue;
        const auto begin = converse::open_message(
            out,
            converse::message_type::event,
            names[static_cast<unsigned char>(line.front()) % names.size()]
        );
        out.append(line.substr(1));
        converse::close_message(out, begin);
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    try_request(text);
    try_delta(text);
    const outcome whole = run(text, delivery::whole, text.size(), ending::complete);
    if (whole.complete) FUZZ_CHECK(is_json(whole.octets));
    FUZZ_CHECK(!run(text, delivery::whole, text.size(), ending::cut).complete);
    const std::string frames = frames_of(text);
    const std::size_t cut = data[0] * frames.size() / 255;
    const outcome streamed = run(frames, delivery::streamed, frames.size(), ending::complete);
    FUZZ_CHECK(streamed == run(frames, delivery::streamed, cut, ending::complete));
    const bool has_ended = streamed.octets.find("messageStop") != std::string::npos;
    if (streamed.complete) FUZZ_CHECK(has_ended);
    return 0;
}
