#include "adapters/protocols/chat/translator.hpp"

#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/usage.hpp"

namespace spillway::adapters::chat {

void translator::take_facts(padded_view text) {
    auto octets = text.text();
    auto where = chunk_.usage ? chunk_.usage : chunk_.hidden_usage;
    for (const auto& choice : chunk_.choices) {
        if (!where && choice.usage) where = choice.usage;
        auto word = word_of(octets, choice.finish);
        if (word.empty()) continue;
        finish_ = word;
        facts_.finish_reason = finish_;
    }
    if (!where) return;
    auto read = read_usage({octets.data() + where.begin, where.end - where.begin}, row_.total);
    facts_.usage_suspect |= read.is_suspect;
    if (read.tokens.present) facts_.tokens = read.tokens;
}

void translator::fail_with(std::string_view text) {
    fail_with(explain_inside(text, row_, context_.provider));
}

void translator::fail_with(problem why) {
    if (!failed_) failed_ = std::move(why);
}

usage translator::usage_or_estimate() const noexcept {
    if (facts_.tokens.present) return facts_.tokens;
    return estimate_usage(context_.prompt_octets, facts_, context_.how);
}

std::optional<cost> translator::price_of(const usage& tokens) const noexcept {
    return context_.costs ? context_.costs->cost_of(tokens) : std::nullopt;
}

std::unique_ptr<answer_translator>
make_translator(const provider_row& row, const answer_context& context) {
    if (context.how == delivery::streamed) {
        return context.side == face::openai ? make_verbatim_stream(row, context)
                                            : make_spliced_stream(row, context);
    }
    return context.side == face::openai ? make_verbatim_answer(row, context)
                                        : make_spliced_answer(row, context);
}

}  // namespace spillway::adapters::chat
