#include "adapters/canonical/request.hpp"

#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::canonical {

namespace {

struct effort_row {
    effort level;
    std::string_view name;
    std::uint32_t percent;  // of the output the level may spend, as OpenRouter shares it
};
constexpr std::array<effort_row, 7> efforts{{
    {effort::none, "none", 0},
    {effort::minimal, "minimal", 10},
    {effort::low, "low", 20},
    {effort::medium, "medium", 50},
    {effort::high, "high", 80},
    {effort::xhigh, "xhigh", 95},
    {effort::max, "max", 95},
}};

struct format_row {
    reasoning_format whose;
    std::string_view name;
};
constexpr std::array<format_row, 5> formats{{
    {reasoning_format::unknown, "unknown"},
    {reasoning_format::anthropic, "anthropic-claude-v1"},
    {reasoning_format::openai, "openai-responses-v1"},
    {reasoning_format::google, "google-gemini-v1"},
    {reasoning_format::xai, "xai-responses-v1"},
}};

// Room made at once, so that a short conversation is not moved while it is read.
constexpr std::size_t usual_messages = 8;
constexpr std::size_t usual_parts = 4;

constexpr std::uint32_t least_budget = 1024;
constexpr std::uint32_t most_budget = 128'000;

bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

}  // namespace

message& request::add_message(canonical::role as) {
    if (messages.empty()) messages.reserve(usual_messages);
    message& made_one = messages.emplace_back();
    made_one.role = as;
    made_one.first = static_cast<std::uint32_t>(parts.size());
    return made_one;
}

part& request::add(part_kind kind) {
    ++messages.back().count;
    if (parts.empty()) parts.reserve(usual_parts);
    part& made_one = parts.emplace_back();
    made_one.kind = kind;
    made_one.first = static_cast<std::uint32_t>(nested.size());
    return made_one;
}

part& request::add_text(escaped text) {
    part& made_one = add(part_kind::text);
    made_one.text = text;
    return made_one;
}

part& request::add_nested(part_kind kind) {
    ++parts.back().count;
    part& made_one = nested.emplace_back();
    made_one.kind = kind;
    return made_one;
}

namespace {

// Some models lay their arguments out over several lines, and a frame of a stream is one. A JSON text has line ends
// between its tokens only.
std::string_view on_one_line(std::string_view object, arena& made) {
    constexpr std::string_view line_ends = "\r\n";
    if (object.find_first_of(line_ends) == object.npos) return object;
    std::string joined{object};
    std::ranges::replace_if(
        joined, [&](char c) { return line_ends.contains(c); }, ' '
    );
    return made.keep(std::move(joined));
}

}  // namespace

raw_value arguments_object(const part& call, arena& made) {
    if (!call.object.empty()) {
        if (call.object.raw.front() == '{') return call.object;
        if (call.object.raw == "null") return {"{}"};
        return {made.keep("{\"_raw\":" + std::string{call.object.raw} + "}")};
    }
    const std::string_view plain = made.plain(call.arguments);
    if (is_blank(plain) || plain == "null") return {"{}"};
    const padded_text padded{plain};
    json::document read;
    if (read.read(padded.view()) && read.root().is_object()) return {on_one_line(plain, made)};
    std::string wrapped{"{\"_raw\":"};
    json::append_string(wrapped, plain);
    return {made.keep(wrapped.append("}"))};
}

escaped arguments_string(const part& call, arena& made) {
    if (!call.object.empty()) return made.quoted(call.object.raw);
    return is_blank(call.arguments.raw) ? escaped{"{}"} : call.arguments;
}

escaped joined_text(std::span<const part> contents, arena& made) {
    if (contents.empty()) return {};
    if (contents.size() == 1) return contents.front().text;
    std::string all;
    for (const part& one : contents)
        all.append(one.text.raw);
    return {made.keep(std::move(all))};
}

std::uint32_t budget_of(effort level, std::uint64_t max_tokens) noexcept {
    for (const effort_row& row : efforts) {
        if (row.level != level || row.percent == 0) continue;
        const std::uint64_t share =
            std::min<std::uint64_t>(max_tokens, UINT32_MAX) * row.percent / 100;
        return static_cast<std::uint32_t>(
            std::clamp<std::uint64_t>(share, least_budget, most_budget)
        );
    }
    return 0;
}

effort effort_of(std::uint64_t budget, std::uint64_t max_tokens) noexcept {
    if (budget == 0) return effort::none;
    const std::uint64_t percent =
        max_tokens == 0 ? 50 : std::min<std::uint64_t>(budget, max_tokens) * 100 / max_tokens;
    if (percent <= 15) return effort::minimal;
    if (percent <= 35) return effort::low;
    if (percent <= 65) return effort::medium;
    return percent <= 87 ? effort::high : effort::xhigh;
}

effort effort_named(std::string_view word) noexcept {
    const auto* row = std::ranges::find(efforts, word, &effort_row::name);
    return row == efforts.end() ? effort::unset : row->level;
}

std::string_view name_of(effort level) noexcept {
    const auto* row = std::ranges::find(efforts, level, &effort_row::level);
    return row == efforts.end() ? std::string_view{} : row->name;
}

std::string_view name_of(reasoning_format whose) noexcept {
    return std::ranges::find(formats, whose, &format_row::whose)->name;
}

reasoning_format format_named(std::string_view word) noexcept {
    const auto* row = std::ranges::find(formats, word, &format_row::name);
    return row == formats.end() ? reasoning_format::unknown : row->whose;
}

}  // namespace spillway::adapters::canonical
