// Two views that say how much of JSON's spelling they hold. JSON spells a string alike in every protocol: a text
// therefore travels in its escaped form from one protocol's string into another's, octet for octet, and is only
// unescaped where its contents are read. Whoever owns the text says how long the views live.
#pragma once

#include <string_view>

namespace spillway::adapters::json {

// What stands between the quotes of a JSON string: valid, escapes not resolved.
struct escaped {
    std::string_view raw;

    [[nodiscard]] bool empty() const noexcept { return raw.empty(); }
    [[nodiscard]] bool operator==(const escaped&) const = default;
};

// A whole JSON value as it stands: "7", "\"a\"", "{…}". Empty: absent.
struct raw_value {
    std::string_view raw;

    [[nodiscard]] bool empty() const noexcept { return raw.empty(); }
    [[nodiscard]] bool operator==(const raw_value&) const = default;
};

}  // namespace spillway::adapters::json
