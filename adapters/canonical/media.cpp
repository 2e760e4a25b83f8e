#include "adapters/canonical/media.hpp"

namespace spillway::adapters::canonical {

bool read_url(escaped url, media_source& into, arena& made) {
    constexpr std::string_view scheme = "data:";
    constexpr std::string_view base64 = ";base64";
    if (!url.raw.starts_with(scheme)) {
        into.kind = source_kind::url;
        into.data = url;
        return true;
    }
    const auto comma = url.raw.find(',');
    if (comma == url.raw.npos) return false;
    // Some clients write "image\/png".
    auto head = made.plain({url.raw.substr(scheme.size(), comma - scheme.size())});
    if (!head.ends_with(base64)) return false;
    head.remove_suffix(base64.size());
    into.kind = source_kind::base64;
    into.type = made.quoted(head.substr(0, head.find(';')));
    into.data = {url.raw.substr(comma + 1)};
    return true;
}

namespace {

void append_scheme(std::string& out, const media_source& source, std::string_view type) {
    if (source.kind != source_kind::base64) return;
    out.append("data:").append(source.type.empty() ? type : source.type.raw).append(";base64,");
}

}  // namespace

void append_url(std::string& out, const media_source& source, std::string_view type) {
    append_scheme(out, source, type);
    out.append(source.data.raw);
}

void append_url(
    std::string& out, const media_source& source, std::string_view type, json::long_texts& longs
) {
    append_scheme(out, source, type);
    longs.append(out, source.data.raw);
}

std::string_view audio_format(std::string_view type) noexcept {
    constexpr std::string_view audio = "audio/";
    if (!type.starts_with(audio)) return {};
    type.remove_prefix(audio.size());
    if (type.starts_with("x-")) type.remove_prefix(2);
    if (type == "mpeg") return "mp3";
    if (type == "wave") return "wav";
    return type;
}

}  // namespace spillway::adapters::canonical
