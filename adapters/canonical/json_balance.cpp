#include "adapters/canonical/json_balance.hpp"

#include <charconv>

namespace spillway::adapters::canonical {

void json_balance::take(char c) noexcept {
    if (in_string_) {
        if (is_escaped_) {
            is_escaped_ = false;
        } else if (c == '\\') {
            is_escaped_ = true;
        } else if (c == '"') {
            in_string_ = false;
        }
        return;
    }
    if (c == '"') {
        in_string_ = true;
    } else if (c == '{' || c == '[') {
        has_begun_ = true;
        ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0) {
        --depth_;
    }
}

void json_balance::feed(escaped piece) noexcept {
    auto text = piece.raw;
    while (!text.empty()) {
        if (text.front() != '\\' || text.size() < 2) {
            take(text.front());
            text.remove_prefix(1);
        } else if (text[1] != 'u' || text.size() < 6) {
            // Of the short escapes only the quote and the backslash matter; the others are white space.
            take(text[1] == '"' || text[1] == '\\' ? text[1] : ' ');
            text.remove_prefix(2);
        } else {
            unsigned unit = 0;
            std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
            take(unit < 0x80 ? static_cast<char>(unit) : ' ');
            text.remove_prefix(6);
        }
    }
}

}  // namespace spillway::adapters::canonical
