// Runs a protocol's decoder over an answer and keeps what it said, a line an event, neighbouring fragments of one text
// joined: so that a transcript does not depend on how the provider cut its text.
#pragma once

#include "adapters/canonical/codec.hpp"
#include "adapters/canonical/frame_reader.hpp"
#include "tests/support/three_ways.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spillway::testing {

struct heard {
    std::string lines;
    std::string text;  // of the answer
    std::optional<adapters::problem> failed;
    adapters::usage tokens;
    std::string finish;  // "stop end_turn"
    bool has_ended = false;
};

class event_log : public adapters::canonical::event_sink, public heard {
public:
    void take(const adapters::canonical::event& one) override;
    void fail(adapters::problem why) override { failed = std::move(why); }

private:
    std::string open_;  // the head of the line that fragments still join
};

// `frames`: none for a whole body.
void decode_into(
    event_log& log,
    adapters::protocol which,
    adapters::framing frames,
    const pieces& parts,
    std::string_view provider = "custom"
);
[[nodiscard]] heard decoded(
    adapters::protocol which,
    adapters::framing frames,
    const pieces& parts,
    std::string_view provider = "custom"
);
// The same for a stream cut in every way.
[[nodiscard]] heard
decoded_three_ways(adapters::protocol which, adapters::framing frames, std::string_view octets);

}  // namespace spillway::testing
