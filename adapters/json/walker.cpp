#include "adapters/json/walker.hpp"

#include "adapters/json/text.hpp"

#include <simdjson.h>

namespace spillway::adapters::json {

bool is_utf8(std::string_view text) noexcept {
    return simdjson::validate_utf8(text.data(), text.size());
}

namespace {

// The next octet at p or behind it that is a quote, a backslash or a control, or, if wanted, beyond ASCII; a place
// at or behind `end` if there is none.
template <bool StopsBeyondAscii>
const char* next_special(const char* p, const char* end) noexcept {
    const auto special = [](octets block) {
        const auto low = StopsBeyondAscii ? block.below(0x20) : block.at_most(0x1f);
        return block.equal('"') | block.equal('\\') | low;
    };
    for (; p < end; p += 2 * octets::width) {
        const auto first = special(octets::load(p));
        const auto second = special(octets::load(p + octets::width));
        if ((first | second).mask() == 0) continue;
        const std::uint64_t hits = first.mask() | static_cast<std::uint64_t>(second.mask())
                                                      << octets::width;
        return p + std::countr_zero(hits);
    }
    return p;
}

}  // namespace

const char* walker::long_string(const char* from, const char* p, raw_string& out) noexcept {
    out.escaped = false;
    bool is_ascii = true;
    for (;;) {
        p = is_ascii ? next_special<true>(p, end_) : next_special<false>(p, end_);
        if (p >= end_) return nullptr;
        if (*p == '"') break;
        if (*p == '\\') {
            p = behind_escape(p);
            if (!p) return nullptr;
            out.escaped = true;
            continue;
        }
        if (static_cast<unsigned char>(*p) < 0x20) return nullptr;
        is_ascii = false;
        beyond_ascii_ = true;
    }
    out.text = {from, static_cast<std::size_t>(p - from)};
    return p + 1;
}

bool walker::utf8_is_valid() const noexcept {
    if (!beyond_ascii_) return true;
    return simdjson::validate_utf8(begin_, static_cast<std::size_t>(end_ - begin_));
}

}  // namespace spillway::adapters::json
