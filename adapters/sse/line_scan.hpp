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
    static constexpr marks none_but_choices() noexcept { return {true, false, false, false}; }
};

class line_scan {
public:
    enum class names : bool { all, all_but_choices };

    // The first CR or LF in [p, end), or end. `seen` is complete only if the whole line lay in the range. Octets
    // from `floor` on are readable.
    template <names Wanted = names::all>
    static const char*
    run(const char* floor, const char* p, const char* end, marks& seen) noexcept {
        std::uint32_t quote_before = 0;  // the last octet of the previous block was a quote
        for (; static_cast<std::size_t>(end - p) >= width; p += width) {
            auto found = step<Wanted>(json::octets::load(p), quote_before, 0);
            if (found.names != 0) look_at_all(found.names, p, end, seen);
            if (found.lines != 0) return p + std::countr_zero(found.lines);
        }
        if (p == end) return end;
        const auto left = static_cast<std::size_t>(end - p);
        hits found{};
        if (static_cast<std::size_t>(end - floor) >= width) {
            found = step<Wanted>(json::octets::load(end - width), quote_before, width - left);
        } else {
            char rest[width] = {};
            std::memcpy(rest, p, left);
            found = step<Wanted>(json::octets::load(rest), quote_before, 0);
        }
        if (found.names != 0) look_at_all(found.names, p, end, seen);
        return found.lines != 0 ? p + std::countr_zero(found.lines) : end;
    }
    static const char* run(const char* p, const char* end, marks& seen) noexcept {
        return run(p, p, end, seen);
    }

private:
    static constexpr std::size_t width = json::octets::width;

    struct hits {
        std::uint32_t lines;  // line ends
        std::uint32_t names;  // first letters behind a quote, on this line
    };

    // The first `known` octets of the block have been seen already.
    template <names Wanted>
    static hits step(json::octets block, std::uint32_t& quote_before, std::size_t known) noexcept {
        auto lines = (block.equal('\n') | block.equal('\r')).mask() >> known;
        auto quotes = block.equal('"').mask();
        auto first = block.equal('e') | block.equal('f') | block.equal('u');
        if constexpr (Wanted == names::all) first = first | block.equal('c');
        auto met = (first.mask() & (quotes << 1 | quote_before)) >> known;
        quote_before = quotes >> (width - 1);
        return {lines, met & ((lines & (~lines + 1)) - 1)};
    }

    static void
    look_at_all(std::uint32_t names, const char* p, const char* end, marks& seen) noexcept {
        for (; names != 0; names &= names - 1)
            look(p + std::countr_zero(names), end, seen);
    }

    // The literal with its closing quote stands at p.
    template <std::size_t Size>
    static bool is(const char* p, const char* end, const char (&name)[Size]) noexcept {
        return static_cast<std::size_t>(end - p) >= Size && std::memcmp(p, name, Size - 1) == 0;
    }

    static void look(const char* p, const char* end, marks& seen) noexcept {
        auto behind = [&](std::size_t size) {
            return std::string_view{p + size, static_cast<std::size_t>(end - p) - size};
        };
        if (*p == 'c') {
            if (is(p, end, "choices\"")) seen.choices = true;
        } else if (*p == 'f') {
            if (is(p, end, "finish_reason\"")) seen.finish |= has_value(behind(14));
        } else if (*p == 'u') {
            if (is(p, end, "usage\"")) seen.usage |= has_value(behind(6));
        } else if (is(p, end, "error\"")) {
            seen.error |= has_value(behind(6));
        }
    }

    // From behind a name: anything but a colon and null.
    static bool has_value(std::string_view text) noexcept {
        if (text.size() > 1 && text[0] == ':' && text[1] != ' ') return text[1] != 'n';
        auto at = text.find_first_not_of(" \t:");
        return at == text.npos || text[at] != 'n';
    }
};

}  // namespace spillway::adapters::sse
