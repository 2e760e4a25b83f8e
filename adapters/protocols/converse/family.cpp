#include "adapters/protocols/converse/family.hpp"

#include <array>

namespace spillway::adapters::converse {

namespace {

constexpr family claude(std::string_view mark, feature structured) {
    return {
        .mark = mark,
        .forced_tools = feature::present,
        .result_status = feature::present,
        .result_images = feature::present,
        .structured = structured,
        .caches = cache_places::everywhere,
        .top_k = top_k_place::top_k,
        .thinking = thinking_style::claude,
        .ids = id_rule::claude,
        .most_stops = 2'500,
    };
}

constexpr family nova(std::string_view mark, thinking_style thinking) {
    return {
        .mark = mark,
        .forced_tools = feature::present,
        .result_status = feature::present,
        .result_images = feature::present,
        .caches = cache_places::prompt,  // in system and messages, not among tools
        .top_k = top_k_place::inference_config,
        .thinking = thinking,
    };
}

constexpr family mistral(std::string_view mark, feature system) {
    return {
        .mark = mark,
        .forced_tools = system,  // the small ones know neither tools nor a system prompt
        .system = system,
        .top_k = top_k_place::top_k,
        .ids = id_rule::nine_alphanumerics,
    };
}

// The first row whose mark the id holds counts. Structured output is switched on only where it is known to be taken:
// the newest Claudes refuse it here.
constexpr std::array<family, 17> table{{
    claude("claude-haiku-4-5", feature::present),
    claude("claude-sonnet-4-5", feature::present),
    claude("claude-opus-4-5", feature::present),
    claude("claude-opus-4-6", feature::present),
    claude("claude-sonnet-4-6", feature::present),
    claude("claude", feature::absent),
    nova("amazon.nova-2", thinking_style::nova),
    nova("amazon.nova", thinking_style::none),
    {.mark = "amazon.titan", .system = feature::absent},
    mistral("mistral.mistral-7b", feature::absent),
    mistral("mistral.mixtral", feature::absent),
    mistral("mistral.", feature::present),
    {.mark = "cohere.", .penalties = feature::present, .top_k = top_k_place::k},
    {.mark = "ai21.", .penalties = feature::present},
    {.mark = "openai.gpt-oss", .thinking = thinking_style::effort},
    {.mark = "meta.llama"},
    {.mark = {}},  // deepseek, qwen and whoever comes: nothing but what all of them take
}};

}  // namespace

const family& family_of(std::string_view upstream_model) noexcept {
    for (const family& row : table) {
        if (upstream_model.contains(row.mark)) return row;
    }
    return table.back();
}

}  // namespace spillway::adapters::converse
