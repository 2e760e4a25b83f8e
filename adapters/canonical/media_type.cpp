#include "adapters/canonical/media_type.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::canonical {

namespace {

struct magic_row {
    std::string_view begin;
    std::string_view middle;  // from the thirteenth character on: what RIFF holds
    std::string_view type;
};
constexpr std::array<magic_row, 9> magics{{
    {"iVBORw0KGgo", {}, "image/png"},
    {"/9j/", {}, "image/jpeg"},
    {"R0lGOD", {}, "image/gif"},
    {"UklGR", "RUJQ", "image/webp"},
    {"UklGR", "QVZF", "audio/wav"},
    {"JVBERi", {}, "application/pdf"},
    {"SUQz", {}, "audio/mp3"},
    {"T2dnU", {}, "audio/ogg"},
    {"ZkxhQ", {}, "audio/flac"},
}};
constexpr std::size_t middle_at = 12;

struct ending_row {
    std::string_view ending;
    std::string_view type;
};
constexpr std::array<ending_row, 18> endings{{
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".heic", "image/heic"},
    {".pdf", "application/pdf"},
    {".txt", "text/plain"},
    {".md", "text/plain"},
    {".mp3", "audio/mp3"},
    {".wav", "audio/wav"},
    {".flac", "audio/flac"},
    {".ogg", "audio/ogg"},
    {".mp4", "video/mp4"},
    {".mov", "video/quicktime"},
    {".webm", "video/webm"},
    {".mpeg", "video/mpeg"},
    {".csv", "text/csv"},
}};

bool ends_with(std::string_view name, std::string_view ending) noexcept {
    if (name.size() < ending.size()) return false;
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    const auto tail = name.substr(name.size() - ending.size());
    return std::ranges::equal(tail, ending, [&](char a, char b) { return lower(a) == b; });
}

}  // namespace

std::string_view type_of_base64(std::string_view base64) noexcept {
    for (const magic_row& row : magics) {
        if (!base64.starts_with(row.begin)) continue;
        if (row.middle.empty()) return row.type;
        if (base64.size() > middle_at && base64.substr(middle_at).starts_with(row.middle))
            return row.type;
    }
    return {};
}

std::string_view type_of_name(std::string_view name) noexcept {
    name = name.substr(0, name.find_first_of("?#"));
    for (const ending_row& row : endings) {
        if (ends_with(name, row.ending)) return row.type;
    }
    return {};
}

}  // namespace spillway::adapters::canonical
