// Why nobody may or can serve a request: the step that left no candidate, and what helps to explain it.
// Born in the planner, translated into a status and a body by the hall.
#pragma once

#include "routing/facts.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::routing {

// In the order in which candidates are filtered; a refusal names the last step that any candidate reached.
enum class refusal_step : std::uint8_t {
    no_model,                  // the request names none and there is no default
    unknown_model,             // no such name; `suggestions` holds near misses
    no_endpoints,              // the model is known, nobody is configured to serve it
    not_allowed_organisation,  // allow and deny lists of the installation
    not_allowed_key,           // lists of the client's key
    data_policy,               // nobody keeps to the asked data policy
    provider_only,             // `only`, or `order` without fallbacks, left nobody
    provider_ignore,           // `ignore` left nobody
    context_length,            // prompt or asked output fits nowhere
    resting,  // all are resting after rate limits; `wait` is the smallest remaining time
    no_room,  // all are at their concurrency limit
};

struct refusal {
    refusal_step step;
    std::string model;                     // the name that was asked for, as asked
    std::vector<std::string> suggestions;  // for unknown_model, best first, at most 3
    std::optional<milliseconds> wait;      // for resting
};

std::string_view name_of(refusal_step step) noexcept;

[[noreturn]] void
throw_exception_from_error(const refusal& why, const boost::source_location& where);

template <class T>
using result = boost::system::result<T, refusal>;

}  // namespace spillway::routing
