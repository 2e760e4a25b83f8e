#include "adapters/protocols/converse/encode_media.hpp"

#include "adapters/protocols/converse/media_formats.hpp"
#include "adapters/protocols/converse/spelled_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::converse {

using namespace canonical;

result<> media_writer::write(const part& one) {
    const media_source& source = one.source;
    if (source.kind == source_kind::file_id)
        return refuse("does not know files by an id: send their contents.");
    if (source.kind == source_kind::url && !source.data.raw.starts_with("s3:"))
        return refuse("does not fetch media: send them as data: URLs.");
    if (one.kind == part_kind::file) return document(source);
    std::string_view label = "image";
    std::string_view format = image_format(source);
    if (one.kind == part_kind::video) {
        label = "video";
        format = video_format(source);
    } else if (one.kind == part_kind::audio) {
        label = "audio";
        format = audio_format(source);
    }
    if (format.empty() || source.kind == source_kind::none)
        return refuse(fmt::format("does not take this form of {}.", label));
    block(label, format, source);
    return {};
}

void media_writer::image(std::string_view format, const media_source& source) {
    block("image", format, source);
}

problem media_writer::refuse(std::string_view what) const {
    return make_problem(
        error_class::bad_request, fmt::format("{} {}", to_.row.display_name, what), "messages"
    );
}

void media_writer::block(
    std::string_view label, std::string_view format, const media_source& source
) {
    out_.append("{\"").append(label).append("\":{\"format\":\"").append(format).push_back('"');
    append_source(source);
}

result<> media_writer::document(const media_source& source) {
    std::string_view format = document_format(source);
    if (format.empty() && source.kind == source_kind::text) format = "txt";
    if (format.empty())
        return refuse("takes documents as pdf, csv, doc, docx, xls, xlsx, html, txt or md.");
    out_.append(R"({"document":{"format":")").append(format).append("\",\"name\":\"");
    append_name(source);
    out_.push_back('"');
    append_source(source);
    return {};
}

// Each name once, without the ending the format says.
void media_writer::append_name(const media_source& source) {
    std::string_view plain = from_.made.plain(source.name);
    if (const auto dot = plain.rfind('.'); dot != plain.npos && dot > 0 && plain.size() - dot <= 5)
        plain = plain.substr(0, dot);
    std::string name = document_name(plain);
    constexpr std::size_t room_for_number = 190;
    for (int number = 2; std::ranges::find(names_, name) != names_.end(); ++number)
        name = fmt::format("{} ({})", document_name(plain).substr(0, room_for_number), number);
    out_.append(names_.emplace_back(std::move(name)));
}

void media_writer::append_source(const media_source& source) {
    out_.append(",\"source\":{");
    switch (source.kind) {
    case source_kind::url: out_.append(R"("s3Location":{"uri":")"); break;
    case source_kind::text: out_.append("\"text\":\""); break;
    case source_kind::none:
    case source_kind::base64:
    case source_kind::file_id: out_.append("\"bytes\":\""); break;
    }
    to_.longs.append(out_, source.data.raw);
    out_.append(source.kind == source_kind::url ? "\"}}}}," : "\"}}},");
}

}  // namespace spillway::adapters::converse
