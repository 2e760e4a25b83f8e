// The tool calls of one choice as their fragments come: which fragment belongs to which call, however a server
// numbers them, and when a call is over. Tells the sink. One a choice.
#pragma once

#include "adapters/canonical/event.hpp"
#include "adapters/canonical/json_balance.hpp"
#include "adapters/json/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace spillway::adapters::chat {

class call_tracker {
public:
    // A fragment of `tool_calls`, or a whole call; `position` in its list. `part`: the next free part number.
    void fragment(
        json::value one,
        std::size_t position,
        std::uint32_t choice,
        std::uint32_t& part,
        canonical::event_sink& out
    );
    // The old form: one call, without id and index.
    void function_call(
        json::value body, std::uint32_t choice, std::uint32_t& part, canonical::event_sink& out
    );
    // Nothing more comes for any of them.
    void end_all(std::uint32_t choice, canonical::event_sink& out);
    [[nodiscard]] bool has_calls() const noexcept { return !calls_.empty(); }

private:
    struct call {
        std::optional<std::uint64_t> index;  // the server's
        std::string id;
        std::string name;
        std::string waiting;  // arguments that came before the name
        canonical::json_balance balance;
        std::uint32_t part = 0;
        bool is_started = false;
        bool is_ended = false;
        bool has_arguments = false;
        bool is_free_text = false;
    };

    [[nodiscard]] std::size_t find(json::value one, json::value body, std::size_t position) const;
    void take(
        std::size_t ordinal,
        json::value one,
        json::value body,
        std::uint32_t choice,
        std::uint32_t& part,
        canonical::event_sink& out
    );
    void start(std::size_t ordinal, std::uint32_t choice, canonical::event_sink& out);
    void arguments(
        std::size_t ordinal,
        canonical::escaped text,
        std::uint32_t choice,
        canonical::event_sink& out
    );
    void end(std::size_t ordinal, std::uint32_t choice, canonical::event_sink& out);
    void give(
        std::size_t ordinal,
        canonical::escaped text,
        std::uint32_t choice,
        canonical::event_sink& out
    );

    std::vector<call> calls_;
    std::string scratch_;
};

}  // namespace spillway::adapters::chat
