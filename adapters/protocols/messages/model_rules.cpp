#include "adapters/protocols/messages/model_rules.hpp"

#include <array>

namespace spillway::adapters::messages {

using canonical::effort;

namespace {

constexpr std::uint32_t small = 4'096;
constexpr std::uint32_t medium = 8'192;
constexpr std::uint32_t large = 32'000;
constexpr std::uint32_t huge = 64'000;
constexpr std::uint32_t vast = 128'000;

constexpr model_rules first_thinker(std::string_view prefix, std::uint32_t most_output) {
    return {.prefix = prefix, .most_output = most_output, .thinking = thinking_rule::budget};
}

constexpr model_rules with_format(std::string_view prefix, std::uint32_t most_output) {
    auto made = first_thinker(prefix, most_output);
    made.sampling = sampling_rule::one_of_two;
    made.structured = feature::present;
    return made;
}

constexpr model_rules adaptive(std::string_view prefix, sampling_rule sampling, effort_rule words) {
    return {
        .prefix = prefix,
        .most_output = vast,
        .sampling = sampling,
        .thinking = thinking_rule::adaptive,
        .silence = silence_rule::by_word,
        .efforts = words,
        .structured = feature::present,
        .prefill = feature::absent,
    };
}

constexpr model_rules always_thinking(std::string_view prefix) {
    auto made = adaptive(prefix, sampling_rule::refused, effort_rule::all);
    made.silence = silence_rule::never;
    made.forced_tools = feature::absent;
    return made;
}

constexpr model_rules opus_4_5() {
    auto made = with_format("opus-4-5", huge);
    made.efforts = effort_rule::to_high;
    return made;
}

// The first row whose prefix fits holds: special ones stand before general ones. The last ones are for models that are
// newer than this table (they will be like their forerunners) and for other makers' models behind the same protocol.
constexpr std::array table{
    model_rules{.prefix = "3-5", .most_output = medium},
    first_thinker("3-7", huge),
    model_rules{.prefix = "3", .most_output = small},
    model_rules{.prefix = "2", .most_output = small},
    model_rules{.prefix = "instant", .most_output = small},
    with_format("opus-4-1", large),
    opus_4_5(),
    with_format("sonnet-4-5", huge),
    with_format("haiku-4-5", huge),
    adaptive("opus-4-6", sampling_rule::one_of_two, effort_rule::without_xhigh),
    adaptive("sonnet-4-6", sampling_rule::one_of_two, effort_rule::without_xhigh),
    adaptive("opus-4-7", sampling_rule::refused, effort_rule::all),
    adaptive("opus-4-8", sampling_rule::refused, effort_rule::all),
    first_thinker("opus-4", large),
    first_thinker("sonnet-4", huge),
    adaptive("opus-5", sampling_rule::refused, effort_rule::all),
    adaptive("sonnet-5", sampling_rule::refused, effort_rule::all),
    always_thinking("fable-5"),
    always_thinking("mythos-5"),
    adaptive("", sampling_rule::refused, effort_rule::all),
};
constexpr model_rules other_makers = first_thinker("", large);

}  // namespace

const model_rules& rules_of(std::string_view upstream_model) noexcept {
    constexpr std::string_view family = "claude-";
    const auto at = upstream_model.find(family);
    if (at == upstream_model.npos) return other_makers;
    const auto name = upstream_model.substr(at + family.size());
    for (const model_rules& row : table) {
        if (name.starts_with(row.prefix)) return row;
    }
    return table.back();
}

effort nearest(effort wished, effort_rule known) noexcept {
    if (known == effort_rule::none || wished == effort::unset || wished == effort::none)
        return effort::unset;
    if (wished == effort::minimal) return effort::low;
    const bool is_high = wished == effort::xhigh || wished == effort::max;
    if (is_high && known == effort_rule::to_high) return effort::high;
    if (wished == effort::xhigh && known == effort_rule::without_xhigh) return effort::high;
    return wished;
}

}  // namespace spillway::adapters::messages
