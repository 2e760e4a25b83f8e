#include "adapters/protocols/messages/thinking_plan.hpp"

#include <algorithm>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

constexpr std::uint32_t least_budget = 1024;

bool forces_tools(const tool_choice& choice) noexcept {
    return choice.mode == choice_mode::required || choice.mode == choice_mode::named;
}

// A turn of calls without the thoughts that led to it is refused while a budget is set, as long as their results are
// what is asked about.
bool lacks_thoughts(const turn_list& turns) {
    if (turns.turns.size() < 2) return false;
    const auto is_result = [](const block& one) {
        return one.kind == block_kind::missing_result ||
               (one.kind == block_kind::part && one.what->kind == part_kind::tool_result);
    };
    if (!std::ranges::any_of(turns.blocks_of(turns.turns.back()), is_result)) return false;
    const auto before = turns.blocks_of(turns.turns[turns.turns.size() - 2]);
    return before.empty() || before.front().kind != block_kind::part ||
           before.front().what->kind != part_kind::reasoning;
}

thinking_plan quiet(const model_rules& rules) {
    thinking_plan plan;
    if (rules.silence == silence_rule::by_word) plan.form = thinking_form::disabled;
    return plan;
}

thinking_plan adaptive(const reasoning_wish& wish, const model_rules& rules, std::uint64_t most) {
    thinking_plan plan;
    plan.form = thinking_form::adaptive;
    plan.is_hidden = wish.exclude == tristate::yes;
    const auto level =
        wish.effort == effort::unset && wish.budget ? effort_of(*wish.budget, most) : wish.effort;
    plan.effort = nearest(level, rules.efforts);
    return plan;
}

}  // namespace

thinking_plan plan_thinking(
    const request& from,
    const turn_list& turns,
    const model_rules& rules,
    std::uint64_t max_tokens,
    dropped_names& dropped
) {
    const reasoning_wish& wish = from.reasoning;
    if (!wish.is_set()) return {};
    if (wish.is_off()) {
        if (rules.silence == silence_rule::never) dropped.add(member::reasoning);
        return quiet(rules);
    }
    if (rules.thinking == thinking_rule::adaptive) return adaptive(wish, rules, max_tokens);
    const bool is_possible = rules.thinking == thinking_rule::budget && max_tokens > least_budget &&
                             !forces_tools(from.tool_choice) && !lacks_thoughts(turns);
    if (!is_possible) {
        dropped.add(member::reasoning);
        return {};
    }
    const auto level = wish.effort == effort::unset ? effort::medium : wish.effort;
    const std::uint64_t asked = wish.budget.value_or(budget_of(level, max_tokens));
    thinking_plan plan;
    plan.form = thinking_form::budget;
    plan.budget =
        static_cast<std::uint32_t>(std::clamp<std::uint64_t>(asked, least_budget, max_tokens - 1));
    return plan;
}

}  // namespace spillway::adapters::messages
