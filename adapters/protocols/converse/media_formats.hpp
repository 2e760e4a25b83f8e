// The words Converse has for what a medium is, by its type, its name or its first octets. Stateless.
#pragma once

#include "adapters/canonical/request.hpp"

#include <string_view>

namespace spillway::adapters::converse {

// "png"; by the octets where they are there, for a wrong label is refused. Empty: none that Converse takes.
[[nodiscard]] std::string_view image_format(const canonical::media_source& source) noexcept;
// "pdf", "txt"; by the type, else the end of the name.
[[nodiscard]] std::string_view document_format(const canonical::media_source& source) noexcept;
[[nodiscard]] std::string_view video_format(const canonical::media_source& source) noexcept;
[[nodiscard]] std::string_view audio_format(const canonical::media_source& source) noexcept;

// The type of a format, for clients that say formats: "image/png" of "png". Empty: unknown.
enum class medium : unsigned char { image, document, video, audio };
[[nodiscard]] std::string_view type_of(medium what, std::string_view format) noexcept;

}  // namespace spillway::adapters::converse
