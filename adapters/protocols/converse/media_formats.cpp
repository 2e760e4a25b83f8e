#include "adapters/protocols/converse/media_formats.hpp"

#include <array>
#include <cstddef>

namespace spillway::adapters::converse {

using canonical::media_source;
using canonical::source_kind;

namespace {

struct format_row {
    medium what;
    std::string_view format;
    std::string_view type;  // the first row of a format says its type
};

constexpr std::array<format_row, 36> formats{{
    {medium::image, "png", "image/png"},
    {medium::image, "jpeg", "image/jpeg"},
    {medium::image, "jpeg", "image/jpg"},
    {medium::image, "gif", "image/gif"},
    {medium::image, "webp", "image/webp"},
    {medium::document, "pdf", "application/pdf"},
    {medium::document, "csv", "text/csv"},
    {medium::document, "doc", "application/msword"},
    {medium::document,
     "docx",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {medium::document, "xls", "application/vnd.ms-excel"},
    {medium::document, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {medium::document, "html", "text/html"},
    {medium::document, "txt", "text/plain"},
    {medium::document, "md", "text/markdown"},
    {medium::document, "md", "text/x-markdown"},
    {medium::video, "mp4", "video/mp4"},
    {medium::video, "mov", "video/quicktime"},
    {medium::video, "mkv", "video/x-matroska"},
    {medium::video, "webm", "video/webm"},
    {medium::video, "flv", "video/x-flv"},
    {medium::video, "mpeg", "video/mpeg"},
    {medium::video, "mpg", "video/mpg"},
    {medium::video, "wmv", "video/x-ms-wmv"},
    {medium::video, "three_gp", "video/3gpp"},
    {medium::audio, "mp3", "audio/mpeg"},
    {medium::audio, "mp3", "audio/mp3"},
    {medium::audio, "wav", "audio/wav"},
    {medium::audio, "wav", "audio/x-wav"},
    {medium::audio, "opus", "audio/opus"},
    {medium::audio, "ogg", "audio/ogg"},
    {medium::audio, "flac", "audio/flac"},
    {medium::audio, "aac", "audio/aac"},
    {medium::audio, "m4a", "audio/m4a"},
    {medium::audio, "mp4", "audio/mp4"},
    {medium::audio, "webm", "audio/webm"},
    {medium::audio, "pcm", "audio/pcm"},
}};

// JSON may spell a slash with an escape: "image\/png", "\/9j\/".
constexpr bool begins_with(std::string_view spelled, std::string_view plain) noexcept {
    std::size_t at = 0;
    for (const char c : plain) {
        if (at < spelled.size() && spelled[at] == '\\') ++at;
        if (at >= spelled.size() || spelled[at++] != c) return false;
    }
    return true;
}

std::string_view format_of(medium what, std::string_view type) noexcept {
    for (const format_row& row : formats) {
        if (row.what == what && begins_with(type, row.type)) return row.format;
    }
    return {};
}

// "pdf" of "Report.v2.pdf".
std::string_view format_of_name(medium what, std::string_view name) noexcept {
    const auto dot = name.rfind('.');
    if (dot == name.npos) return {};
    const std::string_view end = name.substr(dot + 1);
    for (const format_row& row : formats) {
        if (row.what == what && row.format == end) return row.format;
    }
    return {};
}

std::string_view format_of(medium what, const media_source& source) noexcept {
    const std::string_view format = format_of(what, source.type.raw);
    if (!format.empty()) return format;
    const bool has_address = source.kind == source_kind::url;
    return format_of_name(
        what, source.name.empty() && has_address ? source.data.raw : source.name.raw
    );
}

struct magic_row {
    std::string_view begin;  // of the octets in base64
    std::string_view format;
};
constexpr std::array<magic_row, 4> image_magic{{
    {"iVBORw0KGgo", "png"},
    {"/9j/", "jpeg"},
    {"R0lGOD", "gif"},
    {"UklGR", "webp"},
}};

}  // namespace

std::string_view image_format(const media_source& source) noexcept {
    if (source.kind == source_kind::base64) {
        for (const magic_row& row : image_magic) {
            if (begins_with(source.data.raw, row.begin)) return row.format;
        }
    }
    return format_of(medium::image, source);
}

std::string_view document_format(const media_source& source) noexcept {
    if (source.kind == source_kind::base64 && begins_with(source.data.raw, "JVBERi0")) return "pdf";
    return format_of(medium::document, source);
}

std::string_view video_format(const media_source& source) noexcept {
    return format_of(medium::video, source);
}

std::string_view audio_format(const media_source& source) noexcept {
    return format_of(medium::audio, source);
}

std::string_view type_of(medium what, std::string_view format) noexcept {
    for (const format_row& row : formats) {
        if (row.what == what && row.format == format) return row.type;
    }
    return {};
}

}  // namespace spillway::adapters::converse
