// The X-Spillway-Timeout-* fields of a request: how much less than configured it is ready to wait.
#pragma once

#include "proxy/flow/client_request.hpp"
#include "proxy/wire/head.hpp"

#include <optional>
#include <string_view>

namespace spillway::server {

// "250ms", "10s", "2m", "1h", "1d", or a plain number of milliseconds; above zero, at most a day.
std::optional<std::chrono::milliseconds> parse_limit(std::string_view text) noexcept;

// The name of the first field that cannot be read, or an empty text.
std::string_view read_limits(const wire::request_head& head, flow::asked_limits& into) noexcept;

}  // namespace spillway::server
