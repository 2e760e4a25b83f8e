#include "adapters/canonical/refusal.hpp"

#include <fmt/format.h>

namespace spillway::adapters::canonical {

problem refusal(std::string_view param, std::string_view message) {
    auto refused = make_problem(
        error_class::bad_request, fmt::format("Invalid '{}': {}", param, message), param
    );
    refused.type = "invalid_request_error";
    refused.code = "invalid_value";
    return refused;
}

}  // namespace spillway::adapters::canonical
