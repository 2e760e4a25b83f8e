// An http(s) URL an operator gave as the root of a provider's API, checked and taken apart. Immutable.
#pragma once

#include "adapters/message.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters {

struct base_url {
    std::string origin;  // scheme://host[:port]
    std::string path;    // without a slash at the end; may be empty
};

// No user information, query or fragment; nothing that would need quoting. The problem is for an operator.
[[nodiscard]] result<base_url> parse_base_url(std::string_view text);

// Percent-encodes everything but RFC 3986's unreserved characters: one path segment.
[[nodiscard]] std::string path_segment(std::string_view text);

}  // namespace spillway::adapters
