// Google's contents as the waist's messages: a content may hold results of functions and the user's words, which are
// messages of their own there; calls without ids get some, and results find their calls by name. One a request.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/document.hpp"

#include <string_view>
#include <vector>

namespace spillway::adapters::gemini {

class contents_decoder {
public:
    explicit contents_decoder(canonical::request& into) noexcept : into_{into} {}

    // A text, one content, a list of contents, texts or parts.
    [[nodiscard]] result<> contents(json::value from);
    // The same forms; becomes the system's message.
    [[nodiscard]] result<> instructions(json::value from);

private:
    // A call that no result has answered yet.
    struct open_call {
        canonical::escaped id;
        canonical::escaped name;
    };

    bool content(json::value one);
    bool parts(json::value list, canonical::role as);
    bool part(json::value one, canonical::role as);
    bool data(json::value one, canonical::role as);
    canonical::part& add(canonical::part_kind kind, canonical::role as);
    void text(json::value one, canonical::role as);
    bool call(json::value from, json::value carrier);
    bool function_result(json::value from);
    void response(json::value from, canonical::part& result);
    bool media(json::value blob, canonical::part& made);
    bool code(json::value carrier, canonical::role as);
    void sign(json::value carrier, canonical::part& made);
    [[nodiscard]] canonical::escaped standard_base64(canonical::escaped text);
    [[nodiscard]] canonical::escaped answered(json::value id, canonical::escaped name);
    bool refuse(std::string_view member, std::string_view message);

    canonical::request& into_;
    std::vector<open_call> open_;
    std::size_t calls_ = 0;
    std::size_t index_ = 0;
    bool is_message_open_ = false;
    problem why_;
};

}  // namespace spillway::adapters::gemini
