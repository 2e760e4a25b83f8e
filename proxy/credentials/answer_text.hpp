// Small readings of URLs and of answers that hold credentials. Pure.
#pragma once

#include "adapters/json/document.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::credentials {

// The string, its escapes resolved; empty for anything else.
std::string text_of(adapters::json::value string);
// The same, if it can stand in a head: visible ASCII.
std::string visible_text(adapters::json::value string);
// Not empty, and nothing that could end a line or a word.
bool is_visible(std::string_view text) noexcept;
// Behind the authority; "/" where there is nothing.
std::string path_of(std::string_view url);
// "2026-11-20T18:00:00Z", with or without a fraction.
std::optional<std::chrono::sys_seconds> read_moment(std::string_view text) noexcept;

}  // namespace spillway::credentials
