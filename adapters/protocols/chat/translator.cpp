#include "adapters/protocols/chat/translator.hpp"

#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/usage.hpp"

namespace spillway::adapters::chat {

void translator::take_facts(padded_view text, const chunk& where) {
    auto octets = text.text();
    auto hidden = where.hidden_usage;
    for (const auto& choice : where.choices.all()) {
        if (!hidden && choice.usage) hidden = choice.usage;
        take_finish(word_of(octets, choice.finish));
    }
    if (where.usage) return take_usage(where.counts);
    if (hidden) take_usage(read_usage({octets.data() + hidden.begin, hidden.end - hidden.begin}));
}

void translator::take_finish(std::string_view word) {
    if (word.empty()) return;
    finish_ = word;
    facts_.finish_reason = finish_;
}

void translator::take_usage(const usage_object& counts) {
    facts_.usage_suspect |= counts.is_suspect;
    if (counts.tokens.present) facts_.tokens = settled(counts, row_.total);
}

void translator::fail_with(std::string_view text) {
    fail_with(explain_inside(text, row_, context_.provider));
}

void translator::fail_with(problem why) {
    fail(std::move(why));
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
    const bool is_plain = context.side == face::openai || context.what == operation::moderations ||
                          context.what == operation::images;
    return is_plain ? make_verbatim_answer(row, context) : make_spliced_answer(row, context);
}

}  // namespace spillway::adapters::chat
