// What a provider means when it says no, whatever the shape it says it in: the words of its body, the class they and
// the status make, and the problem a client is told. Shared by the protocols' explain(). Pure.
#pragma once

#include "adapters/message.hpp"

#include <string>
#include <string_view>

namespace spillway::adapters {

// What an error body said.
struct provider_words {
    std::string message;
    std::string type;
    std::string code;
    std::string param;
    int status = 0;  // a status inside the body
};

// Of any documented error object, nested or flat, a list of complaints, plain text; nothing of HTML.
[[nodiscard]] provider_words words_of(std::string_view body);

[[nodiscard]] error_class class_of(int status, const provider_words& what) noexcept;
// Inside a 200 there may be no status at all: the words decide.
[[nodiscard]] error_class class_of_words(const provider_words& what) noexcept;

// `status` is the provider's, 0 if it said none; `provider` the display name. Bounds the texts.
[[nodiscard]] problem problem_of(
    provider_words&& what,
    error_class kind,
    int status,
    std::string_view body,
    std::string_view provider
);

}  // namespace spillway::adapters
