// Google's voices come as bare samples; players want them in a WAVE file. Done on the base64 text: the head is made
// a multiple of three octets long, so that the samples' text stays as it is. Stateless.
#pragma once

#include <string>
#include <string_view>

namespace spillway::adapters::gemini {

// "audio/L16;codec=pcm;rate=24000" and the like.
[[nodiscard]] bool is_raw_sound(std::string_view type) noexcept;
// The file's base64, of 16-bit samples of one channel at the rate that the type names.
[[nodiscard]] std::string wave_of(std::string_view type, std::string_view samples);

}  // namespace spillway::adapters::gemini
