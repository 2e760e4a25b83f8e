// The messages of a request as Anthropic wants them: turns of user and assistant in alternation, the user first; the
// results of tools at the front of the turn behind their calls, each call answered; thoughts at the front of the
// assistant's turn and calls at its end. Views into the request.
#pragma once

#include "adapters/adapter.hpp"
#include "adapters/canonical/request.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace spillway::adapters::messages {

enum class block_kind : std::uint8_t {
    part,
    missing_result,  // of the call: nobody answered it
    placeholder,     // a text for a turn that would be empty
};

struct block {
    block_kind kind = block_kind::part;
    const canonical::part* what = nullptr;
};

enum class speaker : bool { user, assistant };

struct turn {
    speaker who = speaker::user;
    std::uint32_t first = 0;  // in turn_list::blocks
    std::uint32_t count = 0;
};

struct turn_list {
    std::vector<const canonical::part*> system;
    std::vector<block> blocks;
    std::vector<turn> turns;

    [[nodiscard]] std::span<const block> blocks_of(const turn& of) const noexcept {
        return std::span{blocks}.subspan(of.first, of.count);
    }
    [[nodiscard]] bool ends_with_assistant() const noexcept {
        return !turns.empty() && turns.back().who == speaker::assistant;
    }
};

// What has no place is reported.
[[nodiscard]] turn_list arrange(const canonical::request& from, dropped_names& dropped);

}  // namespace spillway::adapters::messages
