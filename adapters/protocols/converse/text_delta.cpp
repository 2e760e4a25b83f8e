#include "adapters/protocols/converse/text_delta.hpp"

#include "adapters/json/walker.hpp"

#include <string_view>

namespace spillway::adapters::converse {

namespace {

bool take(std::string_view& from, std::string_view text) noexcept {
    if (!from.starts_with(text)) return false;
    from.remove_prefix(text.size());
    return true;
}

// One digit or two: there are no answers of a hundred blocks, and if there are, they are read the long way.
bool take_index(std::string_view& from, std::uint64_t& into) noexcept {
    const auto is_digit = [](char c) {
        return c >= '0' && c <= '9';
    };
    if (from.size() < 2 || !is_digit(from[0])) return false;
    into = static_cast<std::uint64_t>(from[0] - '0');
    const bool has_two = into != 0 && is_digit(from[1]);
    if (has_two) into = into * 10 + static_cast<std::uint64_t>(from[1] - '0');
    from.remove_prefix(has_two ? 2 : 1);
    return true;
}

// The string whose opening quote has been taken, with its closing one.
bool take_string(std::string_view& from, json::walker& walk, json::raw_string& into) noexcept {
    const char* const behind = walk.string(from.data(), into);
    if (behind == nullptr) return false;
    from.remove_prefix(static_cast<std::size_t>(behind - from.data()));
    return true;
}

}  // namespace

std::optional<text_delta> read_text_delta(padded_view payload) noexcept {
    std::string_view rest = payload.text();
    json::walker walk{payload};
    json::raw_string text;
    json::raw_string padding_text;
    text_delta read;
    const bool has_text = take(rest, R"({"contentBlockIndex":)") && take_index(rest, read.index) &&
                          take(rest, R"(,"delta":{"text":")") && take_string(rest, walk, text) &&
                          take(rest, "}");
    if (!has_text) return std::nullopt;
    if (take(rest, R"(,"p":")") && !take_string(rest, walk, padding_text)) return std::nullopt;
    if (rest != "}" || !walk.utf8_is_valid()) return std::nullopt;
    read.text = {text.text};
    return read;
}

}  // namespace spillway::adapters::converse
