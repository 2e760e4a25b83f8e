// Anthropic's usage object: read cumulatively into the rule of the house, and written for clients. Stateless but for
// the counts.
#pragma once

#include "adapters/answer.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/writer.hpp"

#include <cstdint>

namespace spillway::adapters::messages {

// The counts as Anthropic keeps them: input is what was neither read from the cache nor written to it.
class usage_counts {
public:
    // Later reports overwrite what they name; null says nothing.
    void read(json::value usage) noexcept;
    [[nodiscard]] usage total() const noexcept;

private:
    struct counts {
        std::uint64_t input = 0;
        std::uint64_t cache_read = 0;
        std::uint64_t cache_write = 0;
        std::uint64_t output = 0;
    };
    static void read(json::value from, counts& into) noexcept;
    // What several inferences of one answer cost together, where the totals leave some out.
    void read_iterations(json::value list) noexcept;

    counts counts_;
    std::uint64_t thinking_ = 0;
    bool present_ = false;
};

// The members of a usage object, with OpenRouter's cost on its face. REQUIRES: the object is open.
void write_usage(json::writer& out, const usage& tokens, const answer_context& context);

}  // namespace spillway::adapters::messages
