// The one place where the vocabularies of adapters/ and routing/ and the hall's failures meet: pure functions,
// every switch exhaustive, so that a new word in one room does not compile until it is understood here.
#pragma once

#include "adapters/message.hpp"
#include "proxy/base/failure.hpp"
#include "routing/facts.hpp"
#include "routing/planner.hpp"
#include "routing/price.hpp"
#include "routing/refusal.hpp"

#include <optional>

namespace spillway::flow {

// Views into `asked`.
routing::request_facts to_routing(const adapters::request_facts& asked) noexcept;

routing::outcome_kind to_outcome(const failure& why) noexcept;
routing::outcome_kind to_outcome(const adapters::problem& why) noexcept;

routing::token_counts to_counts(const adapters::usage& used) noexcept;

// What the client is told when nobody could be asked, and when an attempt broke.
adapters::problem to_problem(const routing::refusal& why, adapters::face side);
adapters::problem to_problem(const failure& why, std::string_view provider);

// The price list of one target in the words of an answer.
class target_costs final : public adapters::cost_source {
public:
    explicit target_costs(const routing::price_list& prices) noexcept : prices_{prices} {}
    std::optional<adapters::cost> cost_of(const adapters::usage& tokens) const noexcept override;

private:
    const routing::price_list& prices_;
};

}  // namespace spillway::flow
