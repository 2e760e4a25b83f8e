#include "tests/adapters/support/waist.hpp"

#include "adapters/canonical/translated_answer.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

using namespace adapters;

outcome waist_run::over(const pieces& parts) const {
    static const flat_price prices;
    answer_context context;
    context.side = side;
    context.dialect = to;
    context.how = how;
    context.frames = how == delivery::streamed ? frames : framing::none;
    context.usage_asked = asked;
    context.generation_id = "gen-1-abc";
    context.model = "acme/m1";
    context.provider = "Acme";
    context.costs = &prices;
    context.prompt_octets = 40;
    context.created = 1700000000;
    context.settings = settings;
    canonical::translated_answer translator{
        canonical::codec_of(from).make_decoder({*find_row(provider), "Acme"}),
        canonical::codec_of(to).make_encoder(context),
        context,
        "Acme"};
    outcome out;
    piece_list pieces_out;
    for (const auto part : parts) {
        pieces_out.clear();
        translator.feed(part, pieces_out);
        out.octets += pieces_out.joined();
    }
    pieces_out.clear();
    translator.finish({}, end, pieces_out);
    out.octets += pieces_out.joined();
    out.facts = translator.facts();
    out.finish_reason = out.facts.finish_reason;
    if (translator.failure()) out.failure = *translator.failure();
    return out;
}

outcome waist_run::over_three_ways(std::string_view octets) const {
    three_ways(octets, [this](const pieces& parts) { return over(parts).said(); });
    return over(octets);
}

waist_request::made waist_request::over(std::string_view body) const {
    made out;
    const padded_text padded{body};
    canonical::arena texts;
    canonical::request read{texts};
    request_facts facts;
    facts.dialect = from;
    const auto refuse = [&out](const problem& why) {
        out.refusal = why.message;
        out.param = why.param;
        out.body.clear();
        return out;
    };
    const auto decoded = canonical::codec_of(from).decode_request(padded.view(), facts, read);
    if (!decoded) return refuse(decoded.error());
    dropped_names dropped;
    // Every text that may stay where it is does so, however short.
    json::long_texts longs{padded.view().text(), 1};
    const canonical::encode_context target{
        *find_row(provider), model, operation::chat, dropped, longs};
    const auto encoded = canonical::codec_of(to).encode_request(read, target, out.body);
    if (!encoded) return refuse(encoded.error());
    edit_list edits{padded.view().text()};
    longs.write(out.body, edits);
    out.body = edits.text();
    out.dropped = dropped.joined();
    out.settings = std::move(read.settings);
    return out;
}

}  // namespace spillway::testing
