// The one text in which the chunks of an answer differ: the last string value of the delta, preferably one that is not
// empty. Stateless; the JSON need not be valid.
#pragma once

#include <cstddef>
#include <string_view>

namespace spillway::adapters::sse {

struct delta_text {
    std::size_t begin = 0;  // behind the opening quote
    std::size_t end = 0;    // of the closing quote; 0: the delta holds no string
    std::size_t close = 0;  // of the delta's closing brace; 0: it is not closed

    [[nodiscard]] bool is_found() const noexcept { return close != 0 && end != 0; }
};

// `open` is behind the delta's opening brace.
[[nodiscard]] delta_text find_delta_text(std::string_view json, std::size_t open) noexcept;

}  // namespace spillway::adapters::sse
