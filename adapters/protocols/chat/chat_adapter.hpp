// The adapter of every provider that speaks Chat Completions: what differs stands in the row. Immutable.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/base_url.hpp"
#include "adapters/registry.hpp"

namespace spillway::adapters::chat {

class chat_adapter final : public adapter {
public:
    chat_adapter(const provider_row& row, const account_settings& settings, base_url base);

    [[nodiscard]] const provider_row& row() const noexcept override { return row_; }
    [[nodiscard]] protocol speaks_to(protocol dialect) const noexcept override {
        const bool answers = dialect == protocol::responses && row_.has_responses;
        return answers ? protocol::responses : protocol::chat;
    }
    [[nodiscard]] std::string_view origin() const noexcept override { return base_.origin; }
    [[nodiscard]] std::string
    target(const call& what, std::string_view upstream_model) const override;
    [[nodiscard]] std::vector<head_field> credentials(std::string_view key) const override;
    result<dropped_names> prepare(
        const request_facts& facts,
        std::string_view upstream_model,
        edit_list& edits,
        answer_wishes& wishes
    ) const override;
    [[nodiscard]] problem
    explain(const answer_head& head, std::string_view body, std::string_view secret) const override;
    [[nodiscard]] std::unique_ptr<answer_translator> make_answer(const answer_context& context
    ) const override;

private:
    [[nodiscard]] std::string
    azure_target(std::string_view call, std::string_view deployment) const;
    [[nodiscard]] std::string_view display_name() const noexcept;
    // There is no such endpoint beside Chat Completions.
    [[nodiscard]] bool lacks(operation what) const noexcept {
        if (what == operation::chat || what == operation::models) return false;
        return !row_.serves.has(what == operation::embed_one ? operation::embeddings : what);
    }

    const provider_row& row_;
    const account_settings settings_;
    const base_url base_;
};

}  // namespace spillway::adapters::chat
