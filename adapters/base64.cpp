#include "adapters/base64.hpp"

#include <array>
#include <cstdint>

namespace spillway::adapters {

namespace {

constexpr std::uint8_t no_digit = 0xff;
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::uint8_t, 256> make_digits() {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    digits['-'] = digits['+'];
    digits['_'] = digits['/'];
    return digits;
}
constexpr std::array<std::uint8_t, 256> digits = make_digits();

constexpr std::uint32_t digit_at(std::string_view text, std::size_t at) noexcept {
    return digits[static_cast<unsigned char>(text[at])];
}

}  // namespace

bool append_from_base64(std::string& out, std::string_view text) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    const std::size_t whole = text.size() / 4 * 4;
    const std::size_t before = out.size();
    out.resize(before + text.size() / 4 * 3);
    char* to = out.data() + before;
    for (std::size_t i = 0; i < whole; i += 4) {
        const std::uint32_t a = digit_at(text, i);
        const std::uint32_t b = digit_at(text, i + 1);
        const std::uint32_t c = digit_at(text, i + 2);
        const std::uint32_t d = digit_at(text, i + 3);
        if ((a | b | c | d) >= 64) {
            out.resize(static_cast<std::size_t>(to - out.data()));
            return false;
        }
        const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        *to++ = static_cast<char>(bits >> 16);
        *to++ = static_cast<char>(bits >> 8 & 0xff);
        *to++ = static_cast<char>(bits & 0xff);
    }
    const std::size_t rest = text.size() - whole;
    if (rest == 0) return true;
    if (rest == 1) return false;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const std::uint32_t digit = i < rest ? digit_at(text, whole + i) : 0;
        if (digit >= 64) return false;
        bits = bits << 6 | digit;
    }
    out.push_back(static_cast<char>(bits >> 10 & 0xff));
    if (rest == 3) out.push_back(static_cast<char>(bits >> 2 & 0xff));
    return true;
}

void append_base64(std::string& out, std::string_view octets) {
    const auto octet = [&](std::size_t at) -> std::uint32_t {
        return at < octets.size() ? static_cast<unsigned char>(octets[at]) : 0U;
    };
    out.reserve(out.size() + (octets.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const std::uint32_t bits = octet(i) << 16 | octet(i + 1) << 8 | octet(i + 2);
        out.push_back(alphabet[bits >> 18]);
        out.push_back(alphabet[bits >> 12 & 63]);
        out.push_back(i + 1 < octets.size() ? alphabet[bits >> 6 & 63] : '=');
        out.push_back(i + 2 < octets.size() ? alphabet[bits & 63] : '=');
    }
}

}  // namespace spillway::adapters
