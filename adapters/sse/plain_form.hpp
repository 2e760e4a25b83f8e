// What the plain events of a stream look like, learnt from the last one: they begin alike up to the delta, and most
// differ in one text alone. Tells a plain event by comparing instead of reading; its verdict is the one a
// block_reader's marks would give. One a stream.
#pragma once

#include "adapters/json/closing_quote.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace spillway::adapters::sse {

class plain_form {
public:
    // `event` has been found plain. Nothing is learnt from one that is not "data: {…}" and a blank line.
    void learn(std::string_view event);
    // The size of the event that begins at p, if it is known to be plain and whole before `end`; else 0.
    // REQUIRES: p is between two blocks.
    [[nodiscard]] std::size_t match(const char* p, const char* end) {
        const auto here = static_cast<std::size_t>(end - p);
        if (here < text_.size() || lead_ == 0 || std::memcmp(p, text_.data(), lead_) != 0)
            return match_and_learn(p, end);
        std::uint32_t ignored = 0;
        const auto* const quote = json::closing_quote(p, p + lead_, end, ignored);
        const auto tail = text_.size() - lead_;
        if (quote == nullptr || static_cast<std::size_t>(end - quote) < tail ||
            std::memcmp(quote, text_.data() + lead_, tail) != 0) {
            return match_head(p, end);
        }
        return static_cast<std::size_t>(quote - p) + tail;
    }

private:
    // The head alone is known: the rest of the line is searched for names.
    [[nodiscard]] std::size_t match_head(const char* p, const char* end) const noexcept;
    [[nodiscard]] std::size_t match_and_learn(const char* p, const char* end);

    std::string
        text_;  // the lead: up to the text that changes; then the tail, from its closing quote
    std::uint32_t head_ = 0;  // octets of the lead in front of the delta; 0: nothing learnt
    std::uint32_t lead_ = 0;  // 0: no text that changes
};

}  // namespace spillway::adapters::sse
