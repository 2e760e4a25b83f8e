#include "adapters/protocols/messages/blanks.hpp"

#include <string_view>

namespace spillway::adapters::messages {

namespace {

constexpr std::string_view blank_escapes = "nrtf";

bool is_plain_blank(char c) noexcept {
    return c == ' ';
}

}  // namespace

bool is_blank(canonical::escaped text) noexcept {
    std::string_view rest = text.raw;
    while (!rest.empty()) {
        if (is_plain_blank(rest.front())) {
            rest.remove_prefix(1);
        } else if (rest.size() > 1 && rest.front() == '\\' && blank_escapes.contains(rest[1])) {
            rest.remove_prefix(2);
        } else {
            return false;
        }
    }
    return true;
}

canonical::escaped without_trailing_blanks(canonical::escaped text) noexcept {
    std::string_view rest = text.raw;
    while (!rest.empty()) {
        if (is_plain_blank(rest.back())) {
            rest.remove_suffix(1);
            continue;
        }
        // The letter of an escape stands behind an odd number of backslashes.
        const auto letters = rest.substr(0, rest.size() - 1);
        const auto last_other = letters.find_last_not_of('\\');
        const auto slashes = letters.size() - (last_other == letters.npos ? 0 : last_other + 1);
        if (slashes % 2 == 0 || !blank_escapes.contains(rest.back())) break;
        rest.remove_suffix(2);
    }
    return {rest};
}

}  // namespace spillway::adapters::messages
