// Google's and Ollama's protocols at the waist. Answers: what leaves does not depend on the cut, is valid JSON where it
// is whole, and a cut answer has no end. Requests: what is read is written as valid JSON for every surface and
// generation of models. The first octet chooses the protocol, the second the cut.
#include "adapters/canonical/translated_answer.hpp"
#include "adapters/json/document.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace spillway::adapters;

bool is_json(std::string_view text) {
    const padded_text padded{text};
    json::document read;
    return read.read(padded.view());
}

struct outcome {
    std::string octets;
    bool complete = false;
    bool failed = false;
    usage tokens;
    bool operator==(const outcome&) const = default;
};

outcome answer(
    protocol which,
    framing frames,
    stream_form form,
    std::string_view text,
    std::size_t cut,
    ending end
) {
    answer_context context;
    context.dialect = which;
    context.form = form;
    context.frames = frames;
    context.how = frames == framing::none ? delivery::whole : delivery::streamed;
    context.generation_id = "gen-1";
    context.model = "m";
    const auto& codec = canonical::codec_of(which);
    canonical::translated_answer translator{
        codec.make_decoder({*find_row("custom"), "P"}), codec.make_encoder(context), context, "P"};
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
    out.tokens = translator.facts().tokens;
    return out;
}

void check_answer(
    protocol which, framing frames, stream_form form, std::string_view text, std::size_t cut
) {
    const auto whole = answer(which, frames, form, text, text.size(), ending::complete);
    FUZZ_CHECK(whole == answer(which, frames, form, text, cut, ending::complete));
    const auto broken = answer(which, frames, form, text, cut, ending::cut);
    const bool is_document = frames == framing::none || form == stream_form::array;
    if (is_document && whole.complete) FUZZ_CHECK(is_json(whole.octets));
    if (frames == framing::none) FUZZ_CHECK(!broken.complete);
    // What looks whole must be whole: Ollama's last line is the end, Google's is the end of the body behind it.
    if (which == protocol::gemini && !broken.complete)
        FUZZ_CHECK(
            broken.octets.find("\"usageMetadata\":{\"promptTokenCount\"") == std::string::npos
        );
}

void check_request(protocol from, operation what, std::string_view text) {
    const padded_text body{text};
    canonical::arena made;
    canonical::request asked{made};
    request_facts facts;
    facts.dialect = from;
    facts.what = what;
    if (!canonical::codec_of(from).decode_request(body.view(), facts, asked)) return;
    constexpr std::array models{"gemini-2.0-flash", "gemini-2.5-pro", "gemini-3-flash", "gemma-3"};
    for (const auto* row : {"google-ai-studio", "google-vertex", "ollama-native"}) {
        for (const std::string_view model : models) {
            dropped_names dropped;
            std::string out;
            json::long_texts longs{body.view().text(), 1};
            const canonical::encode_context target{*find_row(row), model, what, dropped, longs};
            const auto& to = canonical::codec_of(find_row(row)->speaks);
            if (!to.encode_request(asked, target, out)) continue;
            edit_list edits{body.view().text()};
            longs.write(out, edits);
            FUZZ_CHECK(is_json(edits.text()));
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
    const auto cut = data[1] * text.size() / 255;
    const auto which = data[0] % 2 == 0 ? protocol::gemini : protocol::ollama;
    const auto frames = which == protocol::gemini ? framing::events : framing::lines;
    check_answer(which, frames, stream_form::usual, text, cut);
    check_answer(which, framing::none, stream_form::usual, text, cut);
    if (which == protocol::gemini) check_answer(which, frames, stream_form::array, text, cut);
    check_request(which, operation::chat, text);
    if (which == protocol::ollama) check_request(which, operation::completions, text);
    check_request(protocol::chat, operation::chat, text);
    return 0;
}
