#include "proxy/base/bytes.hpp"

#include <cstring>

namespace spillway::base {

std::size_t find(std::string_view hay, std::string_view needle) noexcept {
    if (needle.empty()) return 0;
    const void* at = memmem(hay.data(), hay.size(), needle.data(), needle.size());
    if (at == nullptr) return not_found;
    return static_cast<std::size_t>(static_cast<const char*>(at) - hay.data());
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (to_lower(a[i]) != to_lower(b[i])) return false;
    }
    return true;
}

std::string_view trim(std::string_view text) noexcept {
    constexpr auto is_space = [](char c) {
        return c == ' ' || c == '\t';
    };
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

}  // namespace spillway::base
