#include "adapters/protocols/chat/value_rules.hpp"

#include <fmt/format.h>

#include <charconv>

namespace spillway::adapters::chat {

std::string clamped(const number_range& within, std::string_view number) {
    double value = 0;
    const char* const end = number.data() + number.size();
    const auto [behind, error] = std::from_chars(number.data(), end, value);
    if (error != std::errc{} || behind != end) return {};
    if (value < within.least) return fmt::format("{}", within.least);
    if (value > within.most) return fmt::format("{}", within.most);
    return {};
}

}  // namespace spillway::adapters::chat
