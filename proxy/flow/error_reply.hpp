// Problems on their way to the client: status, head fields and body in the client's dialect. The one place
// where a failed request gets its form.
#pragma once

#include "adapters/message.hpp"
#include "proxy/base/http_date.hpp"
#include "proxy/flow/reply.hpp"
#include "proxy/observe/request_record.hpp"

#include <chrono>
#include <string>

namespace spillway::flow {

// How long a client may take nothing before it is given up (R-C4).
inline constexpr std::chrono::seconds idle_patience{60};

// Starts the reply and returns its body, to be sent as its last part.
std::string start_problem(
    reply& answer,
    const adapters::problem& why,
    const adapters::question& asked,
    const observe::request_record& about,
    base::http_date& date,
    std::string_view allowed = {}  // methods, for 405
);

}  // namespace spillway::flow
