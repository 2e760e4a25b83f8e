#include "adapters/json/structure.hpp"

#include "adapters/json/vector.hpp"
#include "adapters/json/walker.hpp"

#include <bit>
#include <cstring>

namespace spillway::adapters::json {

namespace {

constexpr std::size_t block_size = 64;

// One bit an octet, of those that `test` marks.
template <class Test>
std::uint64_t mask_of(const char* at, Test&& test) noexcept {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < block_size; i += octets::width)
        all |= static_cast<std::uint64_t>(test(octets::load(at + i)).mask()) << i;
    return all;
}

// The first of the whole blocks in [at, end) that has a quote or a backslash, or what is left behind the last one.
const char* behind_mere_text(const char* at, const char* end) noexcept {
    for (; end - at >= static_cast<std::ptrdiff_t>(block_size); at += block_size) {
        auto any = octets::load(at).equal('"') | octets::load(at).equal('\\');
        for (std::size_t i = octets::width; i < block_size; i += octets::width)
            any = any | octets::load(at + i).equal('"') | octets::load(at + i).equal('\\');
        if (any.mask() != 0) break;
    }
    return at;
}

bool is_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Each bit becomes the parity of itself and those below.
std::uint64_t parities(std::uint64_t bits) noexcept {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

class look {
public:
    explicit look(std::string_view text) noexcept : text_{text} {}

    structure run() noexcept {
        std::size_t first = 0;
        while (first < text_.size() && is_space(text_[first]))
            ++first;
        if (first == text_.size() || text_[first] != '{') return structure::broken;
        const char* const begin = text_.data();
        const char* const end = begin + text_.size();
        const char* at = begin;
        for (;;) {
            if ((in_string_ & ~escape_pending_) == ~std::uint64_t{0})
                at = behind_mere_text(at, end);
            if (static_cast<std::size_t>(end - at) < block_size) break;
            if (!take_block(at, static_cast<std::size_t>(at - begin))) return structure::broken;
            at += block_size;
        }
        if (at != end) {
            char rest[block_size];
            std::memset(rest, ' ', block_size);
            std::memcpy(rest, at, static_cast<std::size_t>(end - at));
            if (!take_block(rest, static_cast<std::size_t>(at - begin))) return structure::broken;
        }
        if (in_string_ != 0 || open_.size() != 0) return structure::broken;
        auto behind = text_.size();
        while (is_space(text_[behind - 1]))
            --behind;
        if (behind - 1 != closed_at_) return structure::broken;
        return names_error_ ? structure::names_error : structure::plain;
    }

private:
    // The block at p, which is text_'s at `at`. False: it is broken.
    bool take_block(const char* p, std::size_t at) noexcept {
        auto quotes = mask_of(p, [](octets block) { return block.equal('"'); });
        const auto escapes = mask_of(p, [](octets block) { return block.equal('\\'); });
        if ((escapes | escape_pending_) != 0) quotes &= ~escaped(escapes);
        const auto inside =
            parities(quotes) ^ in_string_;  // from an opening quote to before the closing one
        in_string_ = ~((inside >> (block_size - 1)) - 1);
        if (!names_error_) look_for_error(p, at, quotes & inside);
        auto brackets = mask_of(p, [](octets block) {
            const auto round = block.with(0x20);  // [ and ] become { and }
            return round.equal('{') | round.equal('}');
        });
        for (brackets &= ~inside; brackets != 0; brackets &= brackets - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(brackets));
            if (!bracket(p[i], at + i)) return false;
        }
        return true;
    }

    // Octets behind a backslash that is not itself behind one.
    std::uint64_t escaped(std::uint64_t escapes) noexcept {
        std::uint64_t found = escape_pending_;
        escapes &= ~found;
        escape_pending_ = 0;
        while (escapes != 0) {
            const auto one = escapes & (~escapes + 1);
            found |= one << 1;
            if (one >> (block_size - 1) != 0) escape_pending_ = 1;
            escapes &= ~(one | one << 1);
        }
        return found;
    }

    void look_for_error(const char* p, std::size_t at, std::uint64_t opening) noexcept {
        constexpr std::string_view name = "\"error\"";
        constexpr auto last = std::uint64_t{1}
                              << (block_size - 1);  // its letter is not in this block
        const auto letters = mask_of(p, [](octets block) { return block.equal('e'); });
        for (opening &= letters >> 1 | last; opening != 0; opening &= opening - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(opening));
            names_error_ |= text_.substr(at + i, name.size()) == name;
        }
    }

    bool bracket(char c, std::size_t at) noexcept {
        constexpr int opens = 2;  // the bit that the opening ones have
        static_assert(('{' & opens) != 0 && ('[' & opens) != 0);
        static_assert(('}' & opens) == 0 && (']' & opens) == 0);
        const bool is_object = c > ']';
        if ((c & opens) != 0) {
            // Behind the object that is all of the text there is nothing to open.
            if (open_.size() == max_depth || closed_at_ != text_.npos) return false;
            open_.push(is_object);
            return true;
        }
        if (open_.size() == 0 || open_.in_object() != is_object) return false;
        open_.pop();
        if (open_.size() == 0) closed_at_ = at;
        return true;
    }

    std::string_view text_;
    std::uint64_t in_string_ = 0;       // all bits: the last block ended inside a string
    std::uint64_t escape_pending_ = 0;  // 1: the last block ended in a backslash
    std::size_t closed_at_ = std::string_view::npos;
    container_stack open_;
    bool names_error_ = false;
};

}  // namespace

structure look_over(std::string_view text) noexcept {
    return look{text}.run();
}

}  // namespace spillway::adapters::json
