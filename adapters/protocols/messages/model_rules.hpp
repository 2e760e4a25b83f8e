// What each Claude takes, as data: a row a family of models, found by the name. Immutable.
#pragma once

#include "adapters/canonical/request.hpp"

#include <cstdint>
#include <string_view>

namespace spillway::adapters::messages {

enum class sampling_rule : std::uint8_t {
    free,
    one_of_two,  // temperature or top_p, not both
    refused,
};

enum class thinking_rule : std::uint8_t { none, budget, adaptive };

// How a model is told not to think.
enum class silence_rule : std::uint8_t { by_omission, by_word, never };

// The words output_config.effort knows.
enum class effort_rule : std::uint8_t { none, to_high, without_xhigh, all };

enum class feature : bool { absent, present };

struct model_rules {
    std::string_view prefix;  // of the name behind "claude-"; empty: any other model
    std::uint32_t most_output = 0;
    sampling_rule sampling = sampling_rule::free;
    thinking_rule thinking = thinking_rule::none;
    silence_rule silence = silence_rule::by_omission;
    effort_rule efforts = effort_rule::none;
    feature structured = feature::absent;     // output_config.format
    feature prefill = feature::present;       // the last message may be the assistant's
    feature forced_tools = feature::present;  // tool_choice any and tool
};

// By the upstream's name: "claude-opus-4-1@20250805", "us.anthropic.claude-haiku-4-5-20251001-v1:0".
[[nodiscard]] const model_rules& rules_of(std::string_view upstream_model) noexcept;

// The nearest word the model knows; unset: it knows none.
[[nodiscard]] canonical::effort nearest(canonical::effort wished, effort_rule known) noexcept;

}  // namespace spillway::adapters::messages
