// What must hold of any protocol's codec for any octets: an answer's meaning does not depend on how it was cut, what
// the encoders make of it is valid, a cut answer never looks complete; a request that is read can be written for every
// provider as valid JSON, or is refused.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/canonical/translated_answer.hpp"
#include "adapters/json/document.hpp"
#include "tests/fuzz/fuzz_check.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::fuzzing {

using namespace adapters;

inline bool is_json(std::string_view text) {
    const padded_text padded{text};
    json::document read;
    return read.read(padded.view());
}

struct told {
    std::string octets;
    bool complete = false;
    bool failed = false;
    usage tokens;
    bool operator==(const told&) const = default;
};

inline told translated(
    protocol from, protocol to, framing frames, std::string_view text, std::size_t cut, ending end
) {
    const provider_row row;
    answer_context context;
    context.dialect = to;
    context.frames = frames;
    context.how = frames == framing::none ? delivery::whole : delivery::streamed;
    context.generation_id = "gen-1";
    context.model = "m";
    canonical::translated_answer translator{
        canonical::codec_of(from).make_decoder({row, "Acme"}),
        canonical::codec_of(to).make_encoder(context),
        context,
        "Acme"};
    told out;
    piece_list pieces;
    for (const auto part : {text.substr(0, cut), text.substr(cut)}) {
        pieces.clear();
        translator.feed(part, pieces);
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

inline void check_answer(protocol from, framing frames, std::string_view text, std::size_t cut) {
    for (const protocol to : {protocol::chat, protocol::messages, protocol::cohere}) {
        const auto whole = translated(from, to, frames, text, text.size(), ending::complete);
        FUZZ_CHECK(whole == translated(from, to, frames, text, cut, ending::complete));
        const auto broken = translated(from, to, frames, text, cut, ending::cut);
        if (frames == framing::none) {
            FUZZ_CHECK(!whole.complete || is_json(whole.octets));
            FUZZ_CHECK(!broken.complete);
        }
        if (to == protocol::messages && !broken.complete)
            FUZZ_CHECK(broken.octets.find("event: message_stop") == std::string::npos);
    }
}

inline void check_request(protocol from, std::string_view text) {
    const padded_text body{text};
    canonical::arena made;
    canonical::request asked{made};
    request_facts facts;
    facts.dialect = from;
    if (!canonical::codec_of(from).decode_request(body.view(), facts, asked)) return;
    constexpr std::array models{
        "claude-3-5-haiku", "claude-sonnet-4-5", "claude-opus-5", "command-a-reasoning"};
    for (const protocol to : {protocol::chat, protocol::messages, protocol::cohere}) {
        for (const std::string_view model : models) {
            provider_row row;
            row.speaks = to;
            if (to == protocol::messages && model == models[1]) row.url = url_style::vertex_claude;
            dropped_names dropped;
            std::string out;
            json::long_texts longs{body.view().text(), 1};
            const canonical::encode_context target{row, model, operation::chat, dropped, longs};
            if (!canonical::codec_of(to).encode_request(asked, target, out)) continue;
            edit_list edits{body.view().text()};
            longs.write(out, edits);
            FUZZ_CHECK(is_json(edits.text()));
        }
    }
}

// The first octet chooses where the answer is cut.
inline int check_dialect(protocol which, const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    const auto cut = data[0] * text.size() / 255;
    check_answer(which, framing::events, text, cut);
    check_answer(which, framing::none, text, cut);
    check_request(which, text);
    return 0;
}

}  // namespace spillway::fuzzing
