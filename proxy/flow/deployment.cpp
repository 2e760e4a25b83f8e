#include "proxy/flow/deployment.hpp"

#include "proxy/flow/listing.hpp"

#include <algorithm>

namespace spillway::flow {

std::string
provider_account::request_head(const adapters::call& what, std::string_view upstream_model) const {
    return "POST " + adapter->target(what, upstream_model) + " HTTP/1.1\r\n" + common_fields;
}

std::string deployment::render_model(std::string_view id, adapters::list_form form) const {
    const std::span<const routing::model> known = routes->models();
    const auto found = std::ranges::find(known, id, &routing::model::slug);
    if (found == known.end() || found->by_organisation == routing::list_verdict::denied) return {};
    return adapters::render_model(listed_row{*found}.view(), form);
}

}  // namespace spillway::flow
