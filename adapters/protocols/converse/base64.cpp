#include "adapters/protocols/converse/base64.hpp"

#include <array>
#include <cstdint>

namespace spillway::adapters::converse {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t none = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
    std::array<std::uint8_t, 256> made{};
    made.fill(none);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        made[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return made;
}

constexpr std::array<std::uint8_t, 256> values = make_values();

}  // namespace

bool decode_base64(std::string_view text, std::string& out) {
    out.clear();
    if (text.size() % 4 != 0) return false;
    std::size_t pads = 0;
    for (; pads < 2 && text.ends_with('='); ++pads)
        text.remove_suffix(1);
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::uint8_t six = values[static_cast<unsigned char>(c)];
        if (six == none) return false;
        held = held << 6 | six;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out.push_back(static_cast<char>(held >> bits & 0xffU));
    }
    return true;
}

}  // namespace spillway::adapters::converse
