// Says when a JSON text that comes in pieces, each the inside of a JSON string, is a whole value: so that a call's
// end is known before its protocol says it. One a tool call.
#pragma once

#include "adapters/canonical/text.hpp"

#include <cstdint>

namespace spillway::adapters::canonical {

class json_balance {
public:
    void feed(escaped piece) noexcept;
    // An object or an array was opened and all of it is closed.
    [[nodiscard]] bool is_balanced() const noexcept { return has_begun_ && depth_ == 0; }

private:
    void take(char c) noexcept;

    std::uint32_t depth_ = 0;
    bool has_begun_ = false;
    bool in_string_ = false;
    bool is_escaped_ = false;
};

}  // namespace spillway::adapters::canonical
