// Runs answers and requests through the waist: any protocol's decoder against any other's encoder, without an
// adapter around them.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "tests/adapters/support/answers.hpp"

#include <string>
#include <string_view>

namespace spillway::testing {

struct waist_run {
    std::string_view provider = "custom";  // the row
    adapters::protocol from = adapters::protocol::chat;
    adapters::protocol to = adapters::protocol::chat;
    adapters::delivery how = adapters::delivery::streamed;  // of both
    adapters::framing frames = adapters::framing::events;   // of the provider, where it streams
    adapters::face side = adapters::face::openrouter;
    adapters::usage_request asked = adapters::usage_request::asked;
    adapters::ending end = adapters::ending::complete;
    std::string settings{};  // of the request

    [[nodiscard]] outcome over(const pieces& parts) const;
    [[nodiscard]] outcome over(std::string_view octets) const { return over(pieces{octets}); }
    // Whole, split everywhere, dripped: the same each time.
    [[nodiscard]] outcome over_three_ways(std::string_view octets) const;
};

// A request of one dialect as another's provider gets it.
struct waist_request {
    std::string_view provider = "custom";
    adapters::protocol from = adapters::protocol::chat;
    adapters::protocol to = adapters::protocol::chat;
    std::string_view model = "m-1";

    struct made {
        std::string body;  // empty: refused
        std::string dropped;
        std::string refusal;  // the message
        std::string param;
        std::string settings{};  // what the answer is to repeat
    };
    [[nodiscard]] made over(std::string_view body) const;
};

}  // namespace spillway::testing
