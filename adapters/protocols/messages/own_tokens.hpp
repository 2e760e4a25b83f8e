// Other makers' signatures and encrypted thoughts as a client of Anthropic's dialect keeps them: as signatures and
// redacted blocks that say whose they are, so that they find their way back. "spillway:<kind>:<format>:<id>:<payload>",
// where the payload has no colon.
#pragma once

#include "adapters/canonical/request.hpp"

#include <string>

namespace spillway::adapters::messages {

enum class token_kind : std::uint8_t {
    foreign,  // none of ours: Anthropic's own
    text,     // the signature of a thought
    block,    // an encrypted thought
    call,     // the signature of the call with that id
};

struct own_token {
    token_kind kind = token_kind::foreign;
    canonical::reasoning_format format = canonical::reasoning_format::unknown;
    canonical::escaped id;
    canonical::escaped payload;
};

[[nodiscard]] own_token read_token(canonical::escaped text) noexcept;
void append_token(std::string& out, const own_token& token);

}  // namespace spillway::adapters::messages
