#include "adapters/protocols/converse/plan.hpp"

#include <algorithm>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

constexpr std::uint64_t default_output = 32'000;
constexpr std::uint64_t room_behind_budget = 4'096;
constexpr std::uint32_t least_budget = 1'024;

bool is_tool_part(const part& one) noexcept {
    return one.kind == part_kind::tool_call || one.kind == part_kind::tool_result;
}

// The turn goes on behind tool results, and what the model thought before it called is not there any more: with a
// budget to think it would be refused.
bool lacks_thought_of_loop(const request& from) noexcept {
    auto last = from.messages.rbegin();
    if (last == from.messages.rend() || last->role != role::tool) return false;
    while (last != from.messages.rend() && last->role != role::assistant)
        ++last;
    if (last == from.messages.rend()) return false;
    return std::ranges::none_of(from.parts_of(*last), [](const part& one) {
        return one.kind == part_kind::reasoning && (!one.signature.empty() || !one.data.empty());
    });
}

bool is_object_schema(raw_value schema) noexcept {
    return schema.raw.contains("\"object\"") || schema.raw.contains("\"properties\"");
}

}  // namespace

plan::plan(const request& from, const encode_context& to)
    : model{family_of(to.upstream_model)}
    , claude{messages::rules_of(to.upstream_model)}
    , max_tokens{from.max_tokens} {
    plan_tools(from, to);
    plan_thinking(from, to);
    plan_answer(from, to);
    plan_sampling(from, to);
}

void plan::plan_tools(const request& from, const encode_context& to) {
    const tool_choice& choice = from.tool_choice;
    has_history_tools = std::ranges::any_of(from.parts, is_tool_part);
    has_own_tools = !from.tools.empty() && choice.mode != choice_mode::none;
    // Without tools to declare, those of the history are declared; the model must not use them.
    forbids_calls = !has_own_tools && has_history_tools;
    if (!has_own_tools) return;
    const bool is_forced =
        choice.mode == choice_mode::required || choice.mode == choice_mode::named;
    if (!is_forced) return;
    const bool can_force =
        model.forced_tools == feature::present &&
        (!model.is_claude() || claude.forced_tools == messages::feature::present);
    if (!can_force) return to.dropped.add(member::tool_choice);
    calls = choice.mode == choice_mode::named ? call_form::named : call_form::any;
}

void plan::plan_thinking(const request& from, const encode_context& to) {
    const reasoning_wish& wish = from.reasoning;
    if (model.is_claude()) return plan_claude(from, to);
    if (!wish.is_set()) return;
    switch (model.thinking) {
    case thinking_style::nova: plan_nova(from); return;
    case thinking_style::effort:
        thinking = thinking_form::effort;
        level = wish.effort != effort::unset ? wish.effort : effort::medium;
        if (wish.is_off() || level == effort::minimal) level = effort::low;
        if (level == effort::xhigh || level == effort::max) level = effort::high;
        return;
    case thinking_style::none:
    case thinking_style::claude: break;
    }
    if (!wish.is_off()) to.dropped.add(member::reasoning);
}

void plan::plan_claude(const request& from, const encode_context& to) {
    const reasoning_wish& wish = from.reasoning;
    const bool is_adaptive = claude.thinking == messages::thinking_rule::adaptive;
    if (wish.is_off()) {
        if (claude.silence == messages::silence_rule::by_word) thinking = thinking_form::disabled;
        return;
    }
    const bool has_words = claude.efforts != messages::effort_rule::none && is_adaptive;
    const effort by_verbosity = effort_named(from.verbosity.raw);
    if (!wish.is_set()) {
        if (has_words) level = messages::nearest(by_verbosity, claude.efforts);
        if (level == effort::unset && !from.verbosity.empty()) to.dropped.add(member::verbosity);
        return;
    }
    if (claude.thinking == messages::thinking_rule::none) return to.dropped.add(member::reasoning);
    if (!is_adaptive) return plan_budget(from, to);
    thinking = thinking_form::adaptive;
    effort wished = wish.effort;
    if (wished == effort::unset && wish.budget)
        wished = effort_of(*wish.budget, max_tokens.value_or(default_output));
    level = messages::nearest(wished, claude.efforts);
}

void plan::plan_budget(const request& from, const encode_context& to) {
    const reasoning_wish& wish = from.reasoning;
    // A forced call and a budget exclude each other, and the call is what was asked for.
    const bool is_refused = calls != call_form::automatic || lacks_thought_of_loop(from);
    const std::uint64_t most = std::min<std::uint64_t>(claude.most_output, default_output);
    std::uint64_t limit = max_tokens.value_or(most);
    if (is_refused || limit <= least_budget) return to.dropped.add(member::reasoning);
    const effort asked = wish.effort == effort::unset ? effort::medium : wish.effort;
    std::uint64_t wanted =
        wish.budget ? std::max(*wish.budget, least_budget) : budget_of(asked, limit);
    if (!max_tokens && wanted + room_behind_budget > limit)
        limit = std::min<std::uint64_t>(wanted + room_behind_budget, claude.most_output);
    wanted = std::min(wanted, limit - 1);
    thinking = thinking_form::budget;
    budget = static_cast<std::uint32_t>(wanted);
    max_tokens = limit;
}

// At its highest effort Nova wants neither a limit nor sampling; who sets a limit gets the effort below.
void plan::plan_nova(const request& from) {
    const reasoning_wish& wish = from.reasoning;
    if (wish.is_off()) return;
    thinking = thinking_form::nova;
    effort wished = wish.effort;
    if (wished == effort::unset && wish.budget)
        wished = effort_of(*wish.budget, max_tokens.value_or(default_output));
    const bool is_high = wished == effort::high || wished == effort::xhigh || wished == effort::max;
    const bool is_low = wished == effort::low || wished == effort::minimal;
    level = is_low ? effort::low : effort::medium;
    if (is_high && !max_tokens) level = effort::high;
}

void plan::plan_answer(const request& from, const encode_context& to) {
    switch (from.format.kind) {
    case format_kind::unset:
    case format_kind::text: return;
    case format_kind::json_object: answer = answer_form::instruction; return;
    case format_kind::json_schema: break;
    }
    if (model.structured == feature::present) {
        answer = answer_form::native;
        return;
    }
    const bool can_force =
        model.forced_tools == feature::present &&
        (!model.is_claude() || claude.forced_tools == messages::feature::present);
    if (!can_force || forbids_calls || thinking == thinking_form::budget ||
        !is_object_schema(from.format.schema)) {
        answer = answer_form::instruction;
        return to.dropped.add(member::response_format);
    }
    answer = answer_form::tool;
    if (calls == call_form::automatic) calls = has_own_tools ? call_form::any : call_form::named;
}

void plan::plan_sampling(const request& from, const encode_context& to) {
    const bool thinks = thinking == thinking_form::budget || thinking == thinking_form::adaptive ||
                        (thinking == thinking_form::nova && level == effort::high);
    const bool refuses =
        thinks || (model.is_claude() && claude.sampling == messages::sampling_rule::refused);
    takes_temperature = !refuses;
    takes_top_k = !refuses && model.top_k != top_k_place::none;
    const bool is_one_of_two =
        model.is_claude() && claude.sampling == messages::sampling_rule::one_of_two;
    takes_top_p = !refuses && !(is_one_of_two && !from.temperature.empty());
    if (!takes_temperature && !from.temperature.empty()) to.dropped.add(member::temperature);
    if (!takes_top_p && !from.top_p.empty()) to.dropped.add(member::top_p);
    if (!takes_top_k && !from.top_k.empty()) to.dropped.add(member::top_k);
}

}  // namespace spillway::adapters::converse
