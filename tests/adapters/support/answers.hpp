// Runs an answer through a translator in given pieces and says what came out.
#pragma once

#include "adapters/registry.hpp"
#include "tests/support/three_ways.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spillway::testing {

// A dollar per million prompt tokens, two per million completion tokens.
class flat_price final : public adapters::cost_source {
public:
    [[nodiscard]] std::optional<adapters::cost> cost_of(const adapters::usage& tokens
    ) const noexcept override {
        auto prompt = static_cast<std::int64_t>(tokens.prompt) * 1000;
        auto completion = static_cast<std::int64_t>(tokens.completion) * 2000;
        return adapters::cost{prompt + completion, prompt, completion};
    }
};

struct outcome {
    std::string octets;
    adapters::answer_facts facts;
    std::string finish_reason;
    std::optional<adapters::problem> failure;

    // All of it in one text, for comparing runs.
    [[nodiscard]] std::string said() const;
};

// How the octets of the last part reach the translator.
enum class last_part { fed, with_the_end };

struct answer_run {
    std::string_view provider = "custom";
    adapters::face side = adapters::face::openai;
    adapters::delivery how = adapters::delivery::streamed;
    adapters::usage_request asked = adapters::usage_request::asked;
    adapters::ending end = adapters::ending::complete;
    adapters::operation what = adapters::operation::chat;
    bool priced = true;

    [[nodiscard]] outcome over(const pieces& parts, last_part last) const;
    [[nodiscard]] outcome over(const pieces& parts) const {
        return over(parts, last_part::with_the_end);
    }
    [[nodiscard]] outcome over(std::string_view octets) const { return over(pieces{octets}); }
    // Whole, split everywhere, dripped; the last part before the end and with it: the same each time.
    [[nodiscard]] outcome over_three_ways(std::string_view octets) const;
};

// Payloads of the data lines of a stream with LF line ends, [DONE] included.
[[nodiscard]] std::vector<std::string> payloads(std::string_view stream);

}  // namespace spillway::testing
