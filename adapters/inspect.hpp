// The one strict pass over a request body. What it accepts is one valid JSON object (RFC 8259, UTF-8, depth
// up to 512) whose members that the gateway reads have the right types and stand there once; everything else
// is a problem with status 400 and nothing has been sent anywhere. Pure: no state between calls.
#pragma once

#include "adapters/message.hpp"

namespace spillway::adapters {

inline constexpr std::size_t max_json_depth = 512;

// The facts view into `body`, which must outlive them unchanged. Bodies of 4 GiB and more are refused.
// No problem: `into`, which was made by default, is filled.
[[nodiscard]] std::optional<problem>
inspect(const question& asked, padded_view body, request_facts& into);
// The same where a copy of some 1.2 KB does not matter.
[[nodiscard]] result<request_facts> inspect(const question& asked, padded_view body);

// Letters, digits, . _ - : @ ~ + and single slashes between parts that are neither empty nor dots; 1 to 256
// octets. Nothing of it needs quoting in a path, a log line or JSON.
[[nodiscard]] bool is_model_name(std::string_view text) noexcept;

}  // namespace spillway::adapters
