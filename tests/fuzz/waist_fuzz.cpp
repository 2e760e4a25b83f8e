// Chat Completions and Responses at the waist. Requests: what one protocol reads, the other writes as valid JSON that it
// reads again. Answers: what leaves does not depend on the cut, is valid JSON, and a cut answer has no end. The first
// octet chooses the protocols and the cut.
#include "adapters/canonical/translated_answer.hpp"
#include "adapters/json/document.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace spillway::adapters;

bool is_json(std::string_view text) {
    const padded_text padded{text};
    json::document read;
    return read.read(padded.view());
}

void translate(protocol from, protocol to, std::string_view text, std::string_view row) {
    const padded_text padded{text};
    canonical::arena texts;
    canonical::request asked{texts};
    request_facts facts;
    if (!canonical::codec_of(from).decode_request(padded.view(), facts, asked)) return;
    dropped_names dropped;
    json::long_texts longs{padded.view().text(), 1};
    const canonical::encode_context target{*find_row(row), "m", operation::chat, dropped, longs};
    std::string body;
    if (!canonical::codec_of(to).encode_request(asked, target, body)) return;
    edit_list edits{padded.view().text()};
    longs.write(body, edits);
    FUZZ_CHECK(is_json(edits.text()));
}

struct outcome {
    std::string octets;
    bool complete = false;
    bool failed = false;
    bool operator==(const outcome&) const = default;
};

outcome answer(
    protocol from, protocol to, delivery how, std::string_view text, std::size_t cut, ending end
) {
    answer_context context;
    context.how = how;
    context.frames = how == delivery::streamed ? framing::events : framing::none;
    context.side = face::openrouter;
    context.usage_asked = usage_request::asked;
    context.generation_id = "gen-1";
    context.model = "m";
    canonical::translated_answer translator{
        canonical::codec_of(from).make_decoder({*find_row("custom"), "P"}),
        canonical::codec_of(to).make_encoder(context),
        context,
        "P"};
    outcome out;
    piece_list pieces;
    for (const auto part : {text.substr(0, cut), text.substr(cut)}) {
        const std::unique_ptr<char[]> exact{new char[part.size()]};  // for the sanitizer
        part.copy(exact.get(), part.size());
        pieces.clear();
        translator.feed({exact.get(), part.size()}, pieces);
        out.octets += pieces.joined();
    }
    pieces.clear();
    translator.finish({}, end, pieces);
    out.octets += pieces.joined();
    out.complete = translator.facts().complete;
    out.failed = translator.failure() != nullptr;
    return out;
}

void check_frames(std::string_view stream) {
    while (!stream.empty()) {
        const auto end = stream.find("\n\n");
        FUZZ_CHECK(end != stream.npos);
        const auto event = stream.substr(0, end);
        stream.remove_prefix(end + 2);
        FUZZ_CHECK(event.starts_with("data: "));
        FUZZ_CHECK(event.substr(6) == "[DONE]" || is_json(event.substr(6)));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    const auto from = (data[0] & 1) != 0 ? protocol::chat : protocol::responses;
    const auto to = (data[0] & 2) != 0 ? protocol::chat : protocol::responses;
    const auto how = (data[0] & 4) != 0 ? delivery::streamed : delivery::whole;
    const std::size_t cut = static_cast<std::size_t>(data[0] >> 3) * text.size() / 31;
    for (const std::string_view row : {"custom", "openai", "openrouter", "mistral"})
        translate(from, to, text, row);
    const auto whole = answer(from, to, how, text, text.size(), ending::complete);
    FUZZ_CHECK(whole == answer(from, to, how, text, cut, ending::complete));
    if (how == delivery::streamed) check_frames(whole.octets);
    if (how == delivery::whole && whole.complete) FUZZ_CHECK(is_json(whole.octets));
    const auto broken = answer(from, to, how, text, cut, ending::cut);
    if (!broken.complete) FUZZ_CHECK(broken.octets.find("data: [DONE]") == std::string::npos);
    return 0;
}
