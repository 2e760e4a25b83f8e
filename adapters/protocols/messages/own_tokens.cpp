#include "adapters/protocols/messages/own_tokens.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

constexpr std::string_view front = "spillway:";

struct kind_row {
    token_kind kind;
    std::string_view name;
};
constexpr std::array<kind_row, 3> kinds{{
    {token_kind::text, "text"},
    {token_kind::block, "block"},
    {token_kind::call, "call"},
}};

// What stands before the next colon, which goes, too.
std::string_view take_word(std::string_view& rest) noexcept {
    const auto word = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    return word;
}

}  // namespace

own_token read_token(escaped text) noexcept {
    if (!text.raw.starts_with(front)) return {};
    std::string_view rest = text.raw.substr(front.size());
    const auto* row = std::ranges::find(kinds, take_word(rest), &kind_row::name);
    const auto format = take_word(rest);
    const auto colon = rest.rfind(':');
    if (row == kinds.end() || colon == rest.npos) return {};
    return {row->kind, format_named(format), {rest.substr(0, colon)}, {rest.substr(colon + 1)}};
}

void append_token(std::string& out, const own_token& token) {
    out.append(front).append(std::ranges::find(kinds, token.kind, &kind_row::kind)->name);
    out.append(":").append(name_of(token.format)).append(":").append(token.id.raw);
    out.append(":").append(token.payload.raw);
}

}  // namespace spillway::adapters::messages
