// How a request's wish to reason is put to one Claude: as a budget, adaptively, or not at all. Pure.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/canonical/request.hpp"
#include "adapters/protocols/messages/model_rules.hpp"
#include "adapters/protocols/messages/turns.hpp"

#include <cstdint>

namespace spillway::adapters::messages {

enum class thinking_form : std::uint8_t { unsaid, budget, adaptive, disabled };

struct thinking_plan {
    thinking_form form = thinking_form::unsaid;
    std::uint32_t budget = 0;
    canonical::effort effort = canonical::effort::unset;  // of output_config
    bool is_hidden = false;  // the thoughts are not to be in the answer

    [[nodiscard]] bool thinks() const noexcept {
        return form == thinking_form::budget || form == thinking_form::adaptive;
    }
};

// `max_tokens` is what the request will say. A wish that cannot be met is reported.
[[nodiscard]] thinking_plan plan_thinking(
    const canonical::request& from,
    const turn_list& turns,
    const model_rules& rules,
    std::uint64_t max_tokens,
    dropped_names& dropped
);

}  // namespace spillway::adapters::messages
