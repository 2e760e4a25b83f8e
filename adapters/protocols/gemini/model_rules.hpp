// What Google's models differ in, as far as a request shows it: a table of thinking controls and the generation of a
// name. A name nobody knows yet counts as the newest generation. Stateless.
#pragma once

#include "adapters/canonical/request.hpp"

#include <cstdint>
#include <string_view>

namespace spillway::adapters::gemini {

enum class thinking_control : std::uint8_t { none, budget, level };

struct model_rules {
    thinking_control thinking = thinking_control::none;
    // budget
    std::uint32_t least_budget = 0;
    std::uint32_t most_budget = 0;
    bool can_be_off = false;  // thinkingBudget 0
    // level
    bool has_minimal = false;
    bool has_medium = false;

    std::uint32_t generation = 30;       // 10 * major + minor
    bool has_system_instruction = true;  // Gemma has none
    bool has_json_schema = true;         // responseJsonSchema and parametersJsonSchema
    bool mixes_tools = true;             // functions beside search, schema beside functions
    bool wants_signatures = true;        // the first call of a step without one is a 400
    bool has_media_results = true;       // functionResponse.parts
    bool has_penalties = false;
};

[[nodiscard]] model_rules rules_of(std::string_view model) noexcept;

// "MINIMAL", "LOW", "MEDIUM", "HIGH": the nearest the model has.
[[nodiscard]] std::string_view level_of(canonical::effort wish, const model_rules& rules) noexcept;

}  // namespace spillway::adapters::gemini
