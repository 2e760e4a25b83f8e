#include "adapters/protocols/gemini/wave.hpp"

#include <charconv>
#include <cstdint>

namespace spillway::adapters::gemini {

namespace {

constexpr std::uint32_t usual_rate = 24'000;
constexpr std::uint32_t head_size = 54;
constexpr std::uint32_t fill_size = 2;

std::uint32_t rate_of(std::string_view type) noexcept {
    constexpr std::string_view label = "rate=";
    const auto at = type.find(label);
    std::uint32_t rate = 0;
    if (at == type.npos) return usual_rate;
    type.remove_prefix(at + label.size());
    std::from_chars(type.data(), type.data() + type.size(), rate);
    return rate == 0 ? usual_rate : rate;
}

void append_number(std::string& out, std::uint32_t value, int octets) {
    for (int i = 0; i < octets; ++i)
        out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

// RIFF: the format, a filler, the samples.
std::string head_of(std::uint32_t rate, std::uint32_t size) {
    std::string out{"RIFF"};
    append_number(out, head_size - 8 + size, 4);
    out.append("WAVEfmt ");
    append_number(out, 16, 4);
    append_number(out, 1, 2);         // plain samples
    append_number(out, 1, 2);         // channels
    append_number(out, rate, 4);      // samples a second
    append_number(out, rate * 2, 4);  // octets a second
    append_number(out, 2, 2);         // octets a sample
    append_number(out, 16, 2);        // bits a sample
    out.append("JUNK");
    append_number(out, fill_size, 4);
    append_number(out, 0, fill_size);
    out.append("data");
    append_number(out, size, 4);
    return out;
}

// REQUIRES: a multiple of three octets.
void append_base64(std::string& out, std::string_view octets) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i + 3 <= octets.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | static_cast<unsigned char>(octets[i + k]);
        for (int shift = 18; shift >= 0; shift -= 6)
            out.push_back(digits[group >> shift & 0x3f]);
    }
}

}  // namespace

bool is_raw_sound(std::string_view type) noexcept {
    return type.starts_with("audio/L16") || type.starts_with("audio/l16") ||
           type.starts_with("audio/pcm");
}

std::string wave_of(std::string_view type, std::string_view samples) {
    const auto padding = samples.ends_with("==") ? 2U : samples.ends_with('=') ? 1U : 0U;
    const auto groups = static_cast<std::uint32_t>(samples.size() / 4);
    const auto size = groups == 0 ? 0 : groups * 3 - padding;
    std::string out;
    out.reserve(head_size / 3 * 4 + samples.size());
    append_base64(out, head_of(rate_of(type), size));
    out.append(samples);
    return out;
}

}  // namespace spillway::adapters::gemini
