// The usage object: reading the counts in whatever place a provider puts them, and writing the face OpenRouter's
// clients expect. Stateless.
#pragma once

#include "adapters/json/padded.hpp"
#include "adapters/message.hpp"
#include "adapters/registry.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spillway::adapters::chat {

struct usage_reading {
    usage tokens;
    std::size_t size = 0;  // of the object
    bool is_suspect =
        false;  // a count does not fit 64 bits or is no count; then nothing is present
};

// `object` is valid JSON and padded. Of a count that stands there twice the larger one is believed.
[[nodiscard]] usage_reading read_usage(padded_view object, total_rule rule) noexcept;

// Appends the object with OpenRouter's additions: cost, is_byok, cost_details, the details zero-filled. Members
// of the provider's own (`raw`, may be empty) that are not ours stay as they are.
void append_usage(
    std::string& out, std::string_view raw, const usage& tokens, const std::optional<cost>& price
);

}  // namespace spillway::adapters::chat
