// What is decided about a request before a word of it is written: how the model thinks, how it is made to answer in a
// form, whether it may or must call. The decisions hang together, so they are made in one place. A value; one a request.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/protocols/converse/family.hpp"
#include "adapters/protocols/messages/model_rules.hpp"

#include <cstdint>
#include <optional>

namespace spillway::adapters::converse {

enum class thinking_form : std::uint8_t {
    unsaid,
    disabled,
    budget,    // thinking {enabled, budget_tokens}
    adaptive,  // thinking {adaptive}, output_config
    nova,
    effort,
};

enum class answer_form : std::uint8_t {
    free,
    native,       // outputConfig.textFormat
    tool,         // a tool whose input is the answer
    instruction,  // said in the system prompt
};

enum class call_form : std::uint8_t { automatic, any, named };

// Sent where nothing may be left out, but nothing was said.
inline constexpr std::string_view placeholder = ".";

struct plan {
    plan(const canonical::request& from, const canonical::encode_context& to);

    const family& model;
    const messages::model_rules& claude;  // only if model.is_claude()
    thinking_form thinking = thinking_form::unsaid;
    std::uint32_t budget = 0;
    canonical::effort level = canonical::effort::unset;  // as the model's word
    std::optional<std::uint64_t> max_tokens;
    answer_form answer = answer_form::free;
    call_form calls = call_form::automatic;
    bool has_own_tools = false;  // tools of the client are offered
    bool has_history_tools =
        false;                   // calls or results stand in the history: tools must be declared
    bool forbids_calls = false;  // by an instruction: there is no word for it
    bool takes_temperature = true;
    bool takes_top_p = true;
    bool takes_top_k = true;

private:
    void plan_tools(const canonical::request& from, const canonical::encode_context& to);
    void plan_answer(const canonical::request& from, const canonical::encode_context& to);
    void plan_thinking(const canonical::request& from, const canonical::encode_context& to);
    void plan_claude(const canonical::request& from, const canonical::encode_context& to);
    void plan_budget(const canonical::request& from, const canonical::encode_context& to);
    void plan_nova(const canonical::request& from);
    void plan_sampling(const canonical::request& from, const canonical::encode_context& to);
};

}  // namespace spillway::adapters::converse
