// Comma separated lists of tokens (RFC 9110 5.6.1), read without splitting them into memory. Pure.
#pragma once

#include <string_view>

namespace spillway::wire {

// True if one element of the list equals `token` ignoring case. Elements that are no tokens are passed over.
bool list_has_token(std::string_view list, std::string_view token) noexcept;

}  // namespace spillway::wire
