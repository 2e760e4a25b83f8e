#include "adapters/answer.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters {

framing framing_of(std::string_view content_type) noexcept {
    struct row {
        std::string_view type;
        framing how;
    };
    constexpr std::array<row, 5> rows{{
        {"text/event-stream", framing::events},
        {"application/x-ndjson", framing::lines},
        {"application/jsonl", framing::lines},
        {"application/stream+json", framing::lines},
        {"application/vnd.amazon.eventstream", framing::event_stream},
    }};
    const auto same = [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
    };
    for (const row& one : rows) {
        const auto head = content_type.substr(0, one.type.size());
        if (std::equal(head.begin(), head.end(), one.type.begin(), one.type.end(), same))
            return one.how;
    }
    return framing::none;
}

usage estimate_usage(std::size_t prompt_octets, const answer_facts& facts, delivery how) noexcept {
    constexpr std::uint64_t octets_a_token = 4;
    usage guess;
    guess.estimated = true;
    guess.prompt = (prompt_octets + octets_a_token - 1) / octets_a_token;
    guess.completion =
        how == delivery::streamed ? facts.events : facts.text_octets / octets_a_token;
    guess.total = guess.prompt + guess.completion;
    return guess;
}

}  // namespace spillway::adapters
