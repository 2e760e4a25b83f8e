#include "tests/adapters/support/operations.hpp"

#include "adapters/inspect.hpp"

#include <boost/test/unit_test.hpp>

namespace spillway::testing {

using namespace adapters;

namespace {

std::unique_ptr<adapter> adapter_of(std::string_view provider) {
    account_settings settings;
    settings.base_url = "https://host.test/base";
    return *make_adapter(*find_row(provider), settings);
}

}  // namespace

operation_run::sent operation_run::request(std::string_view body) const {
    sent out;
    const auto refuse = [&out](const problem& why) {
        out.refusal = why.message;
        out.param = why.param;
        out.status = why.status;
        return out;
    };
    const auto speaker = adapter_of(provider);
    const padded_text padded{body};
    question asked{what, side, dialect};
    if (dialect == protocol::gemini || dialect == protocol::converse) asked.model = "acme/m1";
    const auto facts = inspect(asked, padded.view());
    if (!facts) return refuse(facts.error());
    edit_list edits{facts->body()};
    answer_wishes wishes;
    const auto prepared = speaker->prepare(*facts, model, edits, wishes);
    if (!prepared) return refuse(prepared.error());
    out.target = speaker->target({what, how, dialect}, model);
    out.body = edits.text();
    out.dropped = prepared->joined();
    return out;
}

outcome operation_run::answer(std::string_view body, std::string_view octets) const {
    static const flat_price prices;
    const auto speaker = adapter_of(provider);
    const padded_text padded{body};
    question asked{what, side, dialect};
    if (dialect == protocol::gemini || dialect == protocol::converse) asked.model = "acme/m1";
    const auto facts = inspect(asked, padded.view());
    BOOST_TEST_REQUIRE(facts.has_value());
    answer_context context;
    context.what = what;
    context.side = side;
    context.dialect = dialect;
    context.how = how;
    context.frames = frames;
    context.usage_asked = facts->usage_asked;
    context.generation_id = "gen-1-abc";
    context.model = "acme/m1";
    context.provider = "Acme";
    context.costs = &prices;
    context.prompt_octets = facts->prompt_octets;
    context.created = 1700000000;
    context.asked = &*facts;
    context.prompt_tokens = prompt_tokens;
    const auto run = [&](const pieces& parts) {
        auto translator = speaker->make_answer(context);
        outcome out;
        piece_list left;
        for (const auto part : parts) {
            left.clear();
            translator->feed(part, left);
            out.octets += left.joined();
        }
        left.clear();
        translator->finish({}, ending::complete, left);
        out.octets += left.joined();
        out.facts = translator->facts();
        out.finish_reason = out.facts.finish_reason;
        if (translator->failure()) out.failure = *translator->failure();
        return out;
    };
    three_ways(octets, [&](const pieces& parts) { return run(parts).said(); });
    return run({octets});
}

}  // namespace spillway::testing
