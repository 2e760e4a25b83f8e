#include "adapters/protocols/chat/answer_text.hpp"

#include "adapters/protocols/chat/usage.hpp"

#include <fmt/format.h>

#include <iterator>

namespace spillway::adapters::chat {

using namespace canonical;

void append_usage_of(std::string& out, const answer_context& context, const usage& tokens) {
    if (context.side == face::openrouter) {
        const auto price = context.costs ? context.costs->cost_of(tokens) : std::nullopt;
        return append_usage(out, {}, usage_object{}, tokens, price);
    }
    fmt::format_to(
        std::back_inserter(out),
        R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{},)"
        R"("prompt_tokens_details":{{"cached_tokens":{},"cache_write_tokens":{},"audio_tokens":{}}},)"
        R"("completion_tokens_details":{{"reasoning_tokens":{},"audio_tokens":{}}})",
        tokens.prompt,
        tokens.completion,
        tokens.total,
        tokens.cached_read,
        tokens.cache_write,
        tokens.audio_in,
        tokens.reasoning,
        tokens.audio_out
    );
    if (tokens.estimated) out.append(",\"estimated\":true");
    out.push_back('}');
}

bool append_annotation(std::string& out, const citation& cited) {
    if (cited.url.empty()) return false;
    out.append(R"({"type":"url_citation","url_citation":{"url":")").append(cited.url.raw);
    out.append(R"(","title":")").append(cited.title.raw).push_back('"');
    if (!cited.text.empty()) out.append(",\"content\":\"").append(cited.text.raw).push_back('"');
    fmt::format_to(
        std::back_inserter(out), R"(,"start_index":{},"end_index":{}}}}})", cited.from, cited.to
    );
    return true;
}

detail_counter::place detail_counter::of(const event& one) noexcept {
    const bool is_alone = one.kind == event_kind::encrypted || is_foreign_signature(one);
    if (is_alone) {
        part_ = UINT32_MAX;
        return {next_++, true};
    }
    const bool is_new =
        part_ != one.part || (one.kind == event_kind::reasoning && thought_ != one.thought);
    if (is_new) ++next_;
    part_ = one.part;
    if (one.kind == event_kind::reasoning) thought_ = one.thought;
    return {next_ - 1, is_new};
}

void detail_counter::call_begins(const event& one) {
    calls_.push_back({one.part, std::string{one.id.raw}});
}

bool detail_counter::is_foreign_signature(const event& one) const noexcept {
    return one.kind == event_kind::signature && part_ != one.part &&
           one.format == reasoning_format::google;
}

std::string_view detail_counter::call_of(const event& one) const noexcept {
    for (const call& known : calls_) {
        if (known.part == one.part) return known.id;
    }
    return {};
}

void open_detail(std::string& out, const event& one, std::string_view type, std::uint32_t index) {
    out.append(R"({"type":")").append(type).append(R"(","format":")");
    out.append(name_of(one.format)).append(R"(","index":)");
    out.append(fmt::format_int{index}.str());
}

}  // namespace spillway::adapters::chat
