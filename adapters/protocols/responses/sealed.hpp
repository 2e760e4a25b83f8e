// Reasoning that only its maker can read, in the one place a reasoning item has for it. OpenAI's own stands there as
// it is; what another maker signed or encrypted says whose it is, so that it finds its way back. Stateless.
#pragma once

#include "adapters/canonical/request.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters::responses {

enum class seal_kind : std::uint8_t {
    data,       // an encrypted block
    signature,  // of the item's text
    call,       // a signature of the tool call named
};

struct seal {
    seal_kind kind = seal_kind::data;
    canonical::reasoning_format format = canonical::reasoning_format::openai;
    canonical::escaped call;
    canonical::escaped data;
};

// The inside of encrypted_content.
void append_seal(std::string& out, const seal& what);
[[nodiscard]] seal seal_of(canonical::escaped content) noexcept;

}  // namespace spillway::adapters::responses
