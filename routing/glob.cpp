#include "routing/glob.hpp"

#include <algorithm>
#include <cstddef>

namespace spillway::routing {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool is_visible(char c) noexcept {
    return c > ' ' && c < '\x7f';
}

}  // namespace

std::optional<glob> glob::parse(std::string_view pattern) {
    if (pattern.empty() || !std::ranges::all_of(pattern, is_visible)) return std::nullopt;
    return glob{std::string{pattern}};
}

// One remembered star is enough: a later star makes every earlier choice irrelevant. Linear but for the retries
// behind the last star; patterns come from the operator alone.
bool glob::matches(std::string_view name) const noexcept {
    constexpr auto none = std::string_view::npos;
    std::size_t p = 0;
    std::size_t n = 0;
    std::size_t star = none;
    std::size_t resume = 0;
    while (n < name.size()) {
        if (p < pattern_.size() && pattern_[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern_.size() && (pattern_[p] == '?' || lower(pattern_[p]) == lower(name[n]))) {
            ++p;
            ++n;
        } else if (star != none) {
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern_.size() && pattern_[p] == '*')
        ++p;
    return p == pattern_.size();
}

bool matches_any(std::span<const glob> patterns, std::string_view name) noexcept {
    return std::ranges::any_of(patterns, [name](const glob& g) { return g.matches(name); });
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace spillway::routing
