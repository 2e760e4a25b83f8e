// The messages of a Chat Completions request on their way into the waist: strict about what the protocol wants,
// OpenRouter's and the compatible servers' additions included. One decoder a request.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/document.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::adapters::chat {

class message_decoder {
public:
    explicit message_decoder(canonical::request& into) noexcept : into_{into} {}

    // The value of `messages`.
    [[nodiscard]] result<> take(json::value list);

private:
    // Each says false once why_ is set.
    [[nodiscard]] bool message(json::value one);
    [[nodiscard]] bool instructions(json::value one, canonical::role as);
    [[nodiscard]] bool user(json::value one);
    [[nodiscard]] bool assistant(json::value one);
    [[nodiscard]] bool tool(json::value one);
    [[nodiscard]] bool legacy_function(json::value one);

    enum class place : std::uint8_t { message, tool_result };
    [[nodiscard]] bool contents(json::value content, place where);
    [[nodiscard]] bool part(json::value one, canonical::part& made);
    [[nodiscard]] bool url_part(json::value url, canonical::part_kind kind, canonical::part& made);
    [[nodiscard]] bool audio_part(json::value audio, canonical::part& made);
    [[nodiscard]] bool file_part(json::value file, canonical::part& made);
    void thinking_part(json::value one, canonical::part& made);
    [[nodiscard]] bool images(json::value list);

    void reasoning(json::value one);
    void reasoning_details(json::value list);
    [[nodiscard]] bool tool_calls(json::value list);
    [[nodiscard]] bool tool_call(json::value one);
    void function_call(json::value call);
    // Google's signatures came as reasoning; they belong to the calls they name.
    void sign_calls();

    bool refuse(std::string_view member, std::string_view message);

    canonical::request& into_;
    std::size_t index_ = 0;
    canonical::escaped legacy_id_;  // of the last function_call: it has none of its own
    struct signature {
        canonical::escaped id;
        canonical::escaped data;
    };
    std::vector<signature> signatures_;  // of this message
    problem why_;
};

// The breakpoint a cache_control or prompt_cache_breakpoint beside a part sets.
[[nodiscard]] canonical::cache_mark mark_of(json::value carrier) noexcept;

}  // namespace spillway::adapters::chat
