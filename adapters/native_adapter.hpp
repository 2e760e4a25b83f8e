// The adapter of every provider that does not speak Chat Completions: what differs stands in the row, and what is
// said in the protocol's codec. A client of the same protocol keeps its own body but for the model's name.
// Immutable.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/base_url.hpp"
#include "adapters/registry.hpp"

namespace spillway::adapters {

class native_adapter final : public adapter {
public:
    native_adapter(const provider_row& row, const account_settings& settings, base_url base);

    [[nodiscard]] const provider_row& row() const noexcept override { return row_; }
    [[nodiscard]] protocol speaks_to(protocol) const noexcept override { return row_.speaks; }
    [[nodiscard]] std::string_view origin() const noexcept override { return base_.origin; }
    [[nodiscard]] std::string
    target(const call& what, std::string_view upstream_model) const override;
    [[nodiscard]] std::vector<head_field> credentials(std::string_view key) const override;
    [[nodiscard]] std::string_view betas(std::string_view lines, std::string& room) const override;
    [[nodiscard]] bool signs() const noexcept override {
        return row_.auth == auth_style::aws && !settings_.secret_access_key.empty();
    }
    [[nodiscard]] std::vector<head_field> sign(const signing_order& what) const override;
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
    [[nodiscard]] std::string_view display_name() const noexcept;

    const provider_row& row_;
    const account_settings settings_;
    base_url base_;
};

// Hosts that are named otherwise than the rows' pattern has it: Vertex AI's multi-regions and its global one, and
// Bedrock's in China.
[[nodiscard]] std::string regional_host(std::string url);

}  // namespace spillway::adapters
