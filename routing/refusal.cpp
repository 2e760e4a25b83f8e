#include "routing/refusal.hpp"

#include <stdexcept>

namespace spillway::routing {

std::string_view name_of(refusal_step step) noexcept {
    switch (step) {
    case refusal_step::no_model: return "no_model";
    case refusal_step::unknown_model: return "unknown_model";
    case refusal_step::no_endpoints: return "no_endpoints";
    case refusal_step::not_allowed_organisation: return "not_allowed_organisation";
    case refusal_step::not_allowed_key: return "not_allowed_key";
    case refusal_step::data_policy: return "data_policy";
    case refusal_step::provider_only: return "provider_only";
    case refusal_step::provider_ignore: return "provider_ignore";
    case refusal_step::context_length: return "context_length";
    case refusal_step::resting: return "resting";
    case refusal_step::no_room: return "no_room";
    }
    return "unknown";
}

void throw_exception_from_error(const refusal& why, const boost::source_location&) {
    throw std::logic_error{"a refused plan was used: " + std::string{name_of(why.step)}};
}

}  // namespace spillway::routing
