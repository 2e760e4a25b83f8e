// A routed model as the listing of models shows it. Prices are decimal text in USD a token, exact.
#pragma once

#include "adapters/models_list.hpp"
#include "routing/table.hpp"

#include <string>

namespace spillway::flow {

class listed_row {
public:
    // REQUIRES: `model` outlives the row.
    explicit listed_row(const routing::model& model);
    listed_row(const listed_row&) = delete;
    listed_row& operator=(const listed_row&) = delete;

    // Views into the row and the model.
    adapters::listed_model view() const noexcept;

private:
    const routing::model& model_;
    std::string prompt_;
    std::string completion_;
    std::string cached_read_;
};

// Nano-dollars per million tokens as USD a token: 150'000'000 is "0.00000015".
std::string usd_per_token(std::int64_t nanos_per_million);

// GET /models.
std::string render_listing(const routing::table& routes, adapters::list_form form);

}  // namespace spillway::flow
