#include "tests/adapters/support/answers.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace spillway::testing {

using namespace adapters;

std::string outcome::said() const {
    return fmt::format(
        "{}\n--\nfinish {} usage {}/{}/{} events {} complete {} terminal {} boundary {} failure {}",
        octets,
        finish_reason,
        facts.tokens.prompt,
        facts.tokens.completion,
        facts.tokens.total,
        facts.events,
        facts.complete,
        facts.terminal_seen,
        facts.at_boundary,
        failure ? failure->message : "none"
    );
}

outcome answer_run::over(const pieces& parts, last_part last) const {
    static const flat_price prices;
    account_settings settings;
    settings.base_url = "https://host.test/v1";
    auto adapter = make_adapter(*find_row(provider), settings);
    answer_context context;
    context.what = what;
    context.side = side;
    context.how = how;
    context.usage_asked = asked;
    context.generation_id = "gen-1-abc";
    context.model = "acme/m1";
    context.provider = "Acme";
    context.costs = priced ? &prices : nullptr;
    context.prompt_octets = 40;
    context.created = 1700000000;
    auto translator = (*adapter)->make_answer(context);
    outcome out;
    piece_list pieces_out;
    const bool keeps_one = last == last_part::with_the_end && !parts.empty();
    for (std::size_t i = 0; i + (keeps_one ? 1 : 0) < parts.size(); ++i) {
        pieces_out.clear();
        translator->feed(parts[i], pieces_out);
        out.octets += pieces_out.joined();
    }
    pieces_out.clear();
    translator->finish(keeps_one ? parts.back() : std::string_view{}, end, pieces_out);
    out.octets += pieces_out.joined();
    out.facts = translator->facts();
    out.finish_reason = out.facts.finish_reason;
    if (translator->failure()) out.failure = *translator->failure();
    return out;
}

outcome answer_run::over_three_ways(std::string_view octets) const {
    const auto over_parts = [this](const pieces& parts) {
        auto said = over(parts, last_part::fed).said();
        BOOST_TEST(over(parts, last_part::with_the_end).said() == said);
        return said;
    };
    three_ways(octets, over_parts);
    return over(octets);
}

std::vector<std::string> payloads(std::string_view stream) {
    std::vector<std::string> all;
    while (!stream.empty()) {
        auto end = std::min(stream.find('\n'), stream.size());
        auto line = stream.substr(0, end);
        stream.remove_prefix(std::min(end + 1, stream.size()));
        if (line.starts_with("data: ")) all.emplace_back(line.substr(6));
    }
    return all;
}

}  // namespace spillway::testing
