#include "adapters/protocols/gemini/finish.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::gemini {

using canonical::finish_reason;

namespace {

struct finish_row {
    std::string_view native;
    finish_meaning meaning;
};
constexpr std::array<finish_row, 21> table{{
    {"STOP", {finish_reason::stop}},
    {"MAX_TOKENS", {finish_reason::length}},
    {"SAFETY", {finish_reason::content_filter}},
    {"RECITATION", {finish_reason::content_filter}},
    {"BLOCKLIST", {finish_reason::content_filter}},
    {"PROHIBITED_CONTENT", {finish_reason::content_filter}},
    {"SPII", {finish_reason::content_filter}},
    {"LANGUAGE", {finish_reason::content_filter}},
    {"IMAGE_SAFETY", {finish_reason::content_filter}},
    {"IMAGE_PROHIBITED_CONTENT", {finish_reason::content_filter}},
    {"IMAGE_RECITATION", {finish_reason::content_filter}},
    {"MODEL_ARMOR", {finish_reason::content_filter}},
    {"MALFORMED_FUNCTION_CALL", {finish_reason::error, true}},
    {"UNEXPECTED_TOOL_CALL", {finish_reason::error, true}},
    {"TOO_MANY_TOOL_CALLS", {finish_reason::error, true}},
    {"MALFORMED_RESPONSE", {finish_reason::error, true}},
    {"MISSING_THOUGHT_SIGNATURE", {finish_reason::error, true}},
    {"NO_IMAGE", {finish_reason::stop, true}},
    {"IMAGE_OTHER", {finish_reason::stop, true}},
    {"OTHER", {finish_reason::stop, true}},
    {"FINISH_REASON_UNSPECIFIED", {finish_reason::stop, true}},
}};

}  // namespace

finish_meaning meaning_of(std::string_view native) noexcept {
    const auto* row = std::ranges::find(table, native, &finish_row::native);
    return row == table.end() ? finish_meaning{} : row->meaning;
}

std::string_view native_of(finish_reason why) noexcept {
    switch (why) {
    case finish_reason::stop:
    case finish_reason::tool_calls: return "STOP";
    case finish_reason::length: return "MAX_TOKENS";
    case finish_reason::content_filter: return "SAFETY";
    case finish_reason::error: return "OTHER";
    }
    return "STOP";
}

}  // namespace spillway::adapters::gemini
