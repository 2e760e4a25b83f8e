// One pass over a line of an answer stream: where it ends, and whether one of the few names stands in it that
// make the event worth reading. Names are met as "name" followed by a colon; inside JSON strings the quotes
// are escaped, so text cannot pretend. A miss costs nothing but a closer look, a hit is never lost.
#pragma once

#include "adapters/json/vector.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spillway::adapters::sse {

struct marks {
    bool choices = false;
    bool finish = false;  // finish_reason with a value
    bool usage = false;   // usage with a value
    bool error = false;   // error with a value

    // Nothing but an ordinary chunk of the answer.
    [[nodiscard]] bool is_plain() const noexcept { return choices && !finish && !usage && !error; }
    static constexpr marks all() noexcept { return {true, true, true, true}; }
};

class line_scan {
public:
    // The first CR or LF in [p, end), or end. `seen` is complete only if the whole line lay in the range.
    static const char* run(const char* p, const char* end, marks& seen) noexcept {
        std::uint32_t quote_before = 0;  // the last octet of the previous block was a quote
        while (static_cast<std::size_t>(end - p) >= width) {
            auto found = step(json::octets::load(p), p, end, quote_before, seen);
            if (found) return found;
            p += width;
        }
        if (p == end) return end;
        char rest[width] = {};
        std::memcpy(rest, p, static_cast<std::size_t>(end - p));
        auto found = step(json::octets::load(rest), p, end, quote_before, seen);
        return found ? found : end;
    }

private:
    static constexpr std::size_t width = json::octets::width;

    static const char* step(
        json::octets block, const char* p, const char* end, std::uint32_t& quote_before, marks& seen
    ) noexcept {
        auto lines = (block.equal('\n') | block.equal('\r')).mask();
        auto quotes = block.equal('"').mask();
        auto letters =
            (block.equal('c') | block.equal('e') | block.equal('f') | block.equal('u')).mask();
        auto names = letters & (quotes << 1 | quote_before);
        quote_before = quotes >> (width - 1) & 1;
        if (lines != 0) names &= (lines & (~lines + 1)) - 1;
        for (; names != 0; names &= names - 1)
            look(p + std::countr_zero(names), end, seen);
        return lines != 0 ? p + std::countr_zero(lines) : nullptr;
    }

    static void look(const char* p, const char* end, marks& seen) noexcept {
        std::string_view text{p, static_cast<std::size_t>(end - p)};
        switch (*p) {
        case 'c':
            if (text.starts_with("choices\"")) seen.choices = true;
            return;
        case 'f':
            if (text.starts_with("finish_reason\"")) seen.finish |= has_value(text.substr(14));
            return;
        case 'u':
            if (text.starts_with("usage\"")) seen.usage |= has_value(text.substr(6));
            return;
        default:
            if (text.starts_with("error\"")) seen.error |= has_value(text.substr(6));
        }
    }

    // From behind a name: anything but a colon and null.
    static bool has_value(std::string_view text) noexcept {
        if (text.starts_with(":n")) return false;
        auto at = text.find_first_not_of(" \t:");
        return at == text.npos || text[at] != 'n';
    }
};

}  // namespace spillway::adapters::sse
