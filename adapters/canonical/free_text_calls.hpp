// Calls of tools that take one text, answered by a provider whose tools all take objects: its {"input":"…"} becomes the
// text the client waits for. One an answer; the provider's fragments may lie anywhere, so a call is handed on when it is
// whole.
#pragma once

#include "adapters/canonical/codec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::canonical {

class free_text_calls {
public:
    // `names` of answer_wishes; none: no call is one of these.
    explicit free_text_calls(std::string_view names) : names_{names} {}

    // Hands the event on as that of such a call. False: it is of none.
    [[nodiscard]] bool take(const event& one, answer_encoder& to);

private:
    struct call {
        std::uint32_t choice = 0;
        std::uint32_t tool = 0;
        std::string arguments;  // as they stand inside a string
    };

    [[nodiscard]] bool is_named(std::string_view name) const noexcept;
    [[nodiscard]] std::vector<call>::iterator find(const event& one);
    void say(const call& whole, event part, answer_encoder& to);

    const std::string names_;
    std::vector<call> open_;
};

// A line a name, as it stands inside a string.
void add_free_text_tool(std::string& names, escaped name);

}  // namespace spillway::adapters::canonical
