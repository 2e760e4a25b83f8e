#include "adapters/protocols/converse/stop_reasons.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::converse {

using canonical::finish_reason;

namespace {

struct row {
    std::string_view word;
    finish_reason why;
};
// The first row of a reason is how we say it.
constexpr std::array<row, 9> rows{{
    {"end_turn", finish_reason::stop},
    {"stop_sequence", finish_reason::stop},
    {"tool_use", finish_reason::tool_calls},
    {"max_tokens", finish_reason::length},
    {"model_context_window_exceeded", finish_reason::length},
    {"content_filtered", finish_reason::content_filter},
    {"guardrail_intervened", finish_reason::content_filter},
    {"malformed_model_output", finish_reason::error},
    {"malformed_tool_use", finish_reason::error},
}};

}  // namespace

finish_reason finish_of(std::string_view stop_reason) noexcept {
    const auto* known = std::ranges::find(rows, stop_reason, &row::word);
    return known == rows.end() ? finish_reason::stop : known->why;
}

std::string_view stop_reason_of(const canonical::event& finish) noexcept {
    for (const row& one : rows) {
        if (one.why == finish.why && one.word == finish.native.raw) return one.word;
    }
    if (finish.why == finish_reason::stop && !finish.text.empty()) return "stop_sequence";
    return std::ranges::find(rows, finish.why, &row::why)->word;
}

}  // namespace spillway::adapters::converse
