// The usage object: reading the counts in whatever place a provider puts them, and writing the face OpenRouter's
// clients expect. Stateless.
#pragma once

#include "adapters/json/padded.hpp"
#include "adapters/message.hpp"
#include "adapters/registry.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spillway::adapters::json {
class walker;
}  // namespace spillway::adapters::json

namespace spillway::adapters::chat {

// One object as it stands there. Views into its text.
struct usage_object {
    usage tokens;  // as the provider counts
    std::string_view prompt_details;
    std::string_view completion_details;
    std::string_view cost;
    bool is_suspect = false;  // a count does not fit or is no count; then none is believed
    bool has_others = false;  // members that write_usage() does not know
};

// The object at p; gives the place behind it, nullptr if it is wrong. Of a count that stands there twice the larger
// one is believed. REQUIRES: nothing has been read into `out`.
[[nodiscard]] const char* read_usage(json::walker& walk, const char* p, usage_object& out) noexcept;
// The same for a text of its own, which is padded and valid.
[[nodiscard]] usage_object read_usage(padded_view object) noexcept;

// In our way of counting; not present if the object is suspect.
[[nodiscard]] usage settled(const usage_object& object, total_rule rule) noexcept;

// Octets that write_usage() needs at most.
[[nodiscard]] constexpr std::size_t usage_room(std::string_view raw) noexcept {
    constexpr std::size_t ours = 768;  // names, counts and prices
    return ours + raw.size();
}

// Writes the object with OpenRouter's additions: cost, is_byok, cost_details, the details zero-filled. Members of the
// provider's own `raw`, which may be empty and was read into `object`, that are not ours stay as they are. Gives the
// end. REQUIRES: usage_room(raw) octets at `to`; `raw` is padded.
[[nodiscard]] char* write_usage(
    char* to,
    std::string_view raw,
    const usage_object& object,
    const usage& tokens,
    const std::optional<cost>& price
) noexcept;
void append_usage(
    std::string& out,
    std::string_view raw,
    const usage_object& object,
    const usage& tokens,
    const std::optional<cost>& price
);

}  // namespace spillway::adapters::chat
