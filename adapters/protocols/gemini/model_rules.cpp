#include "adapters/protocols/gemini/model_rules.hpp"

#include <array>

namespace spillway::adapters::gemini {

using canonical::effort;

namespace {

// The first row whose words are all in the name holds.
struct thinking_row {
    std::string_view prefix;
    std::string_view word;
    thinking_control control = thinking_control::none;
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    bool can_be_off = false;
    bool has_minimal = false;
    bool has_medium = false;
};
constexpr std::array<thinking_row, 17> table{{
    {"", "-image"},
    {"", "-tts"},
    {"", "native-audio"},
    {"gemma", ""},
    {"gemini-1", ""},
    {"gemini-2.0", ""},
    {"gemini-2.5-pro", "", thinking_control::budget, 128, 32'768},
    {"gemini-2.5-flash-lite", "", thinking_control::budget, 512, 24'576, true},
    {"gemini-2.5", "", thinking_control::budget, 1, 24'576, true},
    {"gemini-3-pro", "", thinking_control::level},
    {"gemini-3.7", "flash", thinking_control::level, 0, 0, false, false, true},
    {"gemini-3.8", "flash", thinking_control::level, 0, 0, false, false, true},
    {"gemini-3.9", "flash", thinking_control::level, 0, 0, false, false, true},
    {"gemini-3", "flash", thinking_control::level, 0, 0, false, true, true},
    {"gemini-3", "", thinking_control::level, 0, 0, false, false, true},
    {"gemini", "", thinking_control::level},
    {"", ""},
}};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// Of "gemini-2.5-pro": 25; of a name that says none, the newest.
std::uint32_t generation_of(std::string_view model) noexcept {
    constexpr std::string_view family = "gemini-";
    constexpr std::uint32_t newest = 30;
    if (!model.starts_with(family)) return model.starts_with("gemma") ? 20 : newest;
    model.remove_prefix(family.size());
    if (model.empty() || !is_digit(model[0])) return newest;
    auto value = static_cast<std::uint32_t>(model[0] - '0') * 10;
    if (model.size() > 2 && model[1] == '.' && is_digit(model[2]))
        value += static_cast<std::uint32_t>(model[2] - '0');
    return value;
}

const thinking_row& row_of(std::string_view model) noexcept {
    for (const thinking_row& row : table) {
        if (model.starts_with(row.prefix) && model.contains(row.word)) return row;
    }
    return table.back();
}

}  // namespace

model_rules rules_of(std::string_view model) noexcept {
    if (const auto slash = model.rfind('/'); slash != model.npos) model.remove_prefix(slash + 1);
    const thinking_row& row = row_of(model);
    model_rules out;
    out.thinking = row.control;
    out.least_budget = row.least;
    out.most_budget = row.most;
    out.can_be_off = row.can_be_off;
    out.has_minimal = row.has_minimal;
    out.has_medium = row.has_medium;
    out.generation = generation_of(model);
    out.has_system_instruction = !model.starts_with("gemma");
    out.has_json_schema = out.generation >= 25;
    out.mixes_tools = out.generation >= 30;
    out.wants_signatures = out.generation >= 30;
    out.has_media_results = out.generation >= 30;
    out.has_penalties = out.generation < 25;
    return out;
}

std::string_view level_of(effort wish, const model_rules& rules) noexcept {
    switch (wish) {
    case effort::none:
    case effort::minimal: return rules.has_minimal ? "MINIMAL" : "LOW";
    case effort::low: return "LOW";
    case effort::medium: return rules.has_medium ? "MEDIUM" : "HIGH";
    case effort::unset:
    case effort::high:
    case effort::xhigh:
    case effort::max: return "HIGH";
    }
    return "HIGH";
}

}  // namespace spillway::adapters::gemini
