// What the four translators of chat answers share: the context they were made in, usage, finish reason and the
// failure found inside a 200. The makers below pick by face and delivery.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/json/padded_room.hpp"
#include "adapters/protocols/chat/chunk.hpp"
#include "adapters/registry.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spillway::adapters::chat {

class translator : public answer_translator {
public:
    // REQUIRES: row and the views in the context outlive the translator.
    translator(const provider_row& row, const answer_context& context)
        : row_{row}
        , context_{context} {}

protected:
    // Takes usage and finish reason out of the chunk that was read from `text`.
    void take_facts(padded_view text, const chunk& where);
    void take_finish(std::string_view word);
    void take_usage(const usage_object& counts);
    // Fails with what the error object in `text` says.
    void fail_with(std::string_view text);
    void fail_with(problem why);
    // An estimate if nobody reported anything.
    [[nodiscard]] usage usage_or_estimate() const noexcept;
    [[nodiscard]] std::optional<cost> price_of(const usage& tokens) const noexcept;

    const provider_row& row_;
    const answer_context context_;
    std::string finish_;  // owns facts_.finish_reason
};

std::unique_ptr<answer_translator>
make_translator(const provider_row& row, const answer_context& context);

std::unique_ptr<answer_translator>
make_verbatim_stream(const provider_row& row, const answer_context& context);
std::unique_ptr<answer_translator>
make_spliced_stream(const provider_row& row, const answer_context& context);
std::unique_ptr<answer_translator>
make_verbatim_answer(const provider_row& row, const answer_context& context);
std::unique_ptr<answer_translator>
make_spliced_answer(const provider_row& row, const answer_context& context);

}  // namespace spillway::adapters::chat
