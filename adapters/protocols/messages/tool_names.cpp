#include "adapters/protocols/messages/tool_names.hpp"

#include "adapters/json/text.hpp"
#include "adapters/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

bool is_allowed(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

constexpr std::size_t spelled_size = 5;  // "_x2e_"

// The octet spelled at the front; a negative number: none, or one that needs no spelling.
int spelled_octet(std::string_view text) noexcept {
    if (text.size() < spelled_size || !text.starts_with("_x") || text[4] != '_') return -1;
    unsigned octet = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 4, octet, 16);
    if (error != std::errc{} || end != text.data() + 4) return -1;
    return is_allowed(static_cast<char>(octet)) ? -1 : static_cast<int>(octet);
}

}  // namespace

escaped allowed_id(escaped id, arena& made) {
    if (!id.empty() && std::ranges::all_of(id.raw, is_allowed)) return id;
    // FNV-1a.
    std::uint32_t hash = 0x811c'9dc5U;
    std::string text;
    for (const char c : id.raw) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x0100'0193U;
        text.push_back(is_allowed(c) ? c : '_');
    }
    return {made.keep(fmt::format("{}_{:08x}", text, hash))};
}

escaped allowed_name(escaped name, arena& made) {
    if (std::ranges::all_of(name.raw, is_allowed)) return name;
    std::string text;
    for (const char c : made.plain(name)) {
        if (is_allowed(c)) {
            text.push_back(c);
        } else {
            fmt::format_to(std::back_inserter(text), "_x{:02x}_", static_cast<unsigned char>(c));
        }
    }
    return {made.keep(std::move(text))};
}

escaped given_name(escaped allowed, std::string& made) {
    if (allowed.raw.find("_x") == allowed.raw.npos) return allowed;
    std::string plain;
    for (std::string_view rest = allowed.raw; !rest.empty();) {
        const int octet = spelled_octet(rest);
        plain.push_back(octet < 0 ? rest.front() : static_cast<char>(octet));
        rest.remove_prefix(octet < 0 ? 1 : spelled_size);
    }
    if (plain.size() == allowed.raw.size() || !json::is_utf8(plain)) return allowed;
    made.clear();
    json::append_inside(made, plain);
    return {made};
}

}  // namespace spillway::adapters::messages
