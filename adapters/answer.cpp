#include "adapters/answer.hpp"

namespace spillway::adapters {

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
