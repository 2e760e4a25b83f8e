// The input items of a Responses request on their way into the waist: neighbours that one turn of the assistant
// produced become one message. One decoder a request.
#pragma once

#include "adapters/canonical/request.hpp"
#include "adapters/json/document.hpp"

#include <string_view>
#include <vector>

namespace spillway::adapters::responses {

class input_decoder {
public:
    explicit input_decoder(canonical::request& into) noexcept : into_{into} {}

    // The value of `input`.
    [[nodiscard]] result<> take(json::value input);

private:
    // Each says false once why_ is set.
    [[nodiscard]] bool item(json::value one);
    [[nodiscard]] bool message(json::value one);
    [[nodiscard]] bool contents(json::value content);
    [[nodiscard]] bool part(json::value one, canonical::part& made);
    [[nodiscard]] bool image(json::value one, canonical::part& made);
    [[nodiscard]] bool file(json::value one, canonical::part& made);
    [[nodiscard]] bool audio(json::value one, canonical::part& made);
    void reasoning(json::value one);
    enum class call_form : std::uint8_t { function, free_text };
    [[nodiscard]] bool call(json::value one, call_form form);
    [[nodiscard]] bool output(json::value one);

    void in_assistant();
    void sign_calls();
    bool refuse(std::string_view member, std::string_view message);

    canonical::request& into_;
    std::size_t index_ = 0;
    struct call_signature {
        canonical::escaped id;
        canonical::escaped data;
    };
    std::vector<call_signature> signatures_;
    problem why_;
};

}  // namespace spillway::adapters::responses
