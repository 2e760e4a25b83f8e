// What each family of models behind Converse takes, as data: a row a family, found by a mark in the model's id (which an
// inference profile keeps, and an ARN of one's own does not). Immutable.
#pragma once

#include <cstdint>
#include <string_view>

namespace spillway::adapters::converse {

enum class feature : bool { absent, present };

// Where cache points may stand.
enum class cache_places : std::uint8_t { none, prompt, everywhere };

// What additionalModelRequestFields calls top_k.
enum class top_k_place : std::uint8_t { none, top_k, k, inference_config };

enum class thinking_style : std::uint8_t {
    none,
    claude,  // thinking, output_config
    nova,    // reasoningConfig
    effort,  // reasoning_effort
};

enum class id_rule : std::uint8_t {
    converse,            // [a-zA-Z0-9_.:-]{1,64}
    claude,              // [a-zA-Z0-9_-]{1,64}
    nine_alphanumerics,  // Mistral
};

struct family {
    std::string_view mark;                   // empty: any model
    feature forced_tools = feature::absent;  // toolChoice any and tool
    feature system = feature::present;
    feature result_status = feature::absent;  // toolResult.status
    feature result_images = feature::absent;
    feature structured = feature::absent;  // outputConfig.textFormat
    feature penalties = feature::absent;   // frequency_penalty, presence_penalty, seed
    cache_places caches = cache_places::none;
    top_k_place top_k = top_k_place::none;
    thinking_style thinking = thinking_style::none;
    id_rule ids = id_rule::converse;
    std::uint32_t most_stops = 4;

    [[nodiscard]] bool is_claude() const noexcept { return thinking == thinking_style::claude; }
};

[[nodiscard]] const family& family_of(std::string_view upstream_model) noexcept;

}  // namespace spillway::adapters::converse
