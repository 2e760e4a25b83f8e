// Runs a request that is no chat through a provider's adapter: what the provider gets, and what the client gets of its
// answer.
#pragma once

#include "adapters/registry.hpp"
#include "tests/adapters/support/answers.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spillway::testing {

struct operation_run {
    std::string_view provider = "custom";
    std::string_view model = "m-1";  // as the provider names it
    adapters::operation what = adapters::operation::embeddings;
    adapters::protocol dialect = adapters::protocol::chat;
    adapters::face side = adapters::face::openai;
    adapters::delivery how = adapters::delivery::whole;
    adapters::framing frames = adapters::framing::none;
    std::optional<std::uint64_t> prompt_tokens{};  // in the answer's head

    struct sent {
        std::string target;
        std::string body;
        std::string dropped;
        std::string refusal;  // the message; then nothing was sent
        std::string param;
        std::uint16_t status = 0;
    };
    [[nodiscard]] sent request(std::string_view body) const;
    // The provider's answer to that request, in one piece and in many: the same each time.
    [[nodiscard]] outcome answer(std::string_view body, std::string_view octets) const;
};

}  // namespace spillway::testing
