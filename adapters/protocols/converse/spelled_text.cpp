#include "adapters/protocols/converse/spelled_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

constexpr std::size_t most_id = 64;
constexpr std::size_t most_name = 200;

bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool fits(char c, id_rule rule) noexcept {
    if (is_alphanumeric(c)) return true;
    if (rule == id_rule::nine_alphanumerics) return false;
    return c == '_' || c == '-' || (rule == id_rule::converse && (c == '.' || c == ':'));
}

bool is_space_escape(char c) noexcept {
    return c == 'n' || c == 't' || c == 'r' || c == 'f' || c == 'b';
}

// FNV-1a.
std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01b3U;
    return hash;
}

std::string nine_of(std::uint64_t hash) {
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string text;
    for (int i = 0; i < 9; ++i, hash /= digits.size())
        text.push_back(digits[hash % digits.size()]);
    return text;
}

}  // namespace

bool is_blank(escaped text) noexcept {
    for (std::size_t i = 0; i < text.raw.size(); ++i) {
        if (text.raw[i] == ' ') continue;
        if (text.raw[i] != '\\' || !is_space_escape(text.raw[++i])) return false;
    }
    return true;
}

escaped without_tail(escaped text) noexcept {
    std::string_view rest = text.raw;
    for (;;) {
        if (rest.ends_with(' ')) {
            rest.remove_suffix(1);
            continue;
        }
        if (rest.size() < 2 || !is_space_escape(rest.back())) return {rest};
        // The letter is an escape's if an odd number of backslashes stands in front.
        const std::string_view front = rest.substr(0, rest.size() - 1);
        const auto other = front.find_last_not_of('\\');
        const std::size_t slashes = front.size() - (other == front.npos ? 0 : other + 1);
        if (slashes % 2 == 0) return {rest};
        rest.remove_suffix(2);
    }
}

escaped allowed_id(escaped id, id_rule rule, arena& made) {
    const bool has_size =
        rule == id_rule::nine_alphanumerics ? id.raw.size() == 9 : id.raw.size() <= most_id;
    if (has_size && std::ranges::all_of(id.raw, [rule](char c) { return fits(c, rule); }))
        return id;
    const std::uint64_t hash = hash_of(id.raw);
    if (rule == id_rule::nine_alphanumerics) return {made.keep(nine_of(hash))};
    constexpr std::size_t behind = 9;  // "_" and eight digits
    std::string text{id.raw.substr(0, most_id - behind)};
    std::ranges::replace_if(
        text, [rule](char c) { return !fits(c, rule); }, '_'
    );
    return {made.keep(fmt::format("{}_{:08x}", text, static_cast<std::uint32_t>(hash)))};
}

std::string document_name(std::string_view plain) {
    std::string text;
    for (const char c : plain) {
        const bool is_allowed = is_alphanumeric(c) || std::string_view{"-()[]"}.contains(c);
        if (is_allowed) {
            text.push_back(c);
        } else if (!text.empty() && text.back() != ' ') {
            text.push_back(' ');
        }
    }
    text.resize(std::min(text.size(), most_name));
    while (text.ends_with(' '))
        text.pop_back();
    return text.empty() ? "document" : text;
}

}  // namespace spillway::adapters::converse
