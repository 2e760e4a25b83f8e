// Small questions that the checkers of several dialects ask about a request. Pure functions.
#pragma once

#include "bench/sim/dialects/json_view.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::bench::sim {

// What is wrong, in the provider's words; nothing when all is well.
using verdict = std::optional<std::string>;

// The first member that is none of these.
inline std::optional<std::string>
find_unknown_member(const json::object& object, std::initializer_list<std::string_view> known) {
    for (const auto& member : object) {
        const std::string_view name = member.key();
        bool is_known = false;
        for (const auto one : known)
            is_known = is_known || one == name;
        if (!is_known) return std::string{name};
    }
    return std::nullopt;
}

inline bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
    for (const auto one : list)
        if (one == text) return true;
    return false;
}

bool is_blank(std::string_view text);

// Letters, digits, underscore and hyphen, and what `more` holds.
bool is_name(std::string_view text, std::size_t longest, std::string_view more = {});

// The media type that the first octets of a picture tell; empty when unknown.
std::string_view sniff_picture(std::string_view base64);

}  // namespace spillway::bench::sim
