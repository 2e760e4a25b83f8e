#include "proxy/flow/listing.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace spillway::flow {

std::string usd_per_token(std::int64_t nanos_per_million) {
    // 10^-9 USD a million tokens are 10^-15 USD a token.
    std::string digits = fmt::format("{:016}", nanos_per_million);
    digits.insert(digits.size() - 15, 1, '.');
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.ends_with('.')) digits.pop_back();
    return digits;
}

// The first endpoint's prices: the others may differ, and the answer says what was paid.
listed_row::listed_row(const routing::model& model) : model_{model} {
    if (model.endpoints.empty()) return;
    const routing::price_list& prices = model.endpoints.front().price;
    if (prices.prompt) prompt_ = usd_per_token(*prices.prompt);
    if (prices.completion) completion_ = usd_per_token(*prices.completion);
    if (prices.cache_read) cached_read_ = usd_per_token(*prices.cache_read);
}

adapters::listed_model listed_row::view() const noexcept {
    adapters::listed_model row;
    row.id = model_.slug;
    row.name = model_.display_name;
    row.created = model_.created;
    row.price_prompt = prompt_;
    row.price_completion = completion_;
    row.price_cached_read = cached_read_;
    for (const routing::endpoint& one : model_.endpoints) {
        row.context_length = std::max(row.context_length, one.context);
        row.max_completion_tokens = std::max(row.max_completion_tokens, one.max_output);
    }
    return row;
}

std::string render_listing(const routing::table& routes, adapters::list_form form) {
    std::vector<std::unique_ptr<listed_row>> rows;
    std::vector<adapters::listed_model> views;
    for (const routing::model& one : routes.models()) {
        if (one.by_organisation == routing::list_verdict::denied) continue;
        rows.push_back(std::make_unique<listed_row>(one));
        views.push_back(rows.back()->view());
    }
    return adapters::render_models(views, form);
}

}  // namespace spillway::flow
