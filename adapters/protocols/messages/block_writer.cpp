#include "adapters/protocols/messages/block_writer.hpp"

#include "adapters/base64.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/protocols/messages/blanks.hpp"
#include "adapters/protocols/messages/tool_names.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

struct magic_row {
    std::string_view head;  // in base64
    std::string_view type;
};
constexpr std::array<magic_row, 4> magic{{
    {"/9j/", "image/jpeg"},
    {"iVBORw0KGgo", "image/png"},
    {"R0lGOD", "image/gif"},
    {"UklGR", "image/webp"},
}};

// A label that does not fit the octets is refused: the octets are right.
std::string_view image_type(const media_source& source) noexcept {
    for (const magic_row& row : magic) {
        if (source.data.raw.starts_with(row.head)) return row.type;
    }
    return source.type.empty() ? magic.front().type : source.type.raw;
}

bool is_pdf(const media_source& source) noexcept {
    return source.data.raw.starts_with("JVBERi") || source.type.raw == "application/pdf" ||
           source.type.raw == "application\\/pdf";
}

bool is_text(const media_source& source) noexcept {
    return source.type.raw.starts_with("text/") || source.type.raw == "application/json" ||
           source.type.raw == "application/xml";
}

problem cannot(std::string_view message) {
    return refusal("messages", message);
}

}  // namespace

hosting hosting_of(const provider_row& row) noexcept {
    if (row.url == url_style::vertex_claude) return hosting::vertex;
    return row.url == url_style::bedrock_claude ? hosting::bedrock : hosting::first_party;
}

cache_mark mark_of(const request& from, const canonical::part& one) noexcept {
    if (one.kind == part_kind::reasoning) return cache_mark::none;
    auto mark = one.cache;
    if (one.kind == part_kind::tool_result) {
        for (const canonical::part& each : from.contents_of(one))
            mark = std::max(mark, each.cache);
    }
    return mark;
}

result<> block_writer::write(const block& one, cache_mark mark) {
    if (one.kind == block_kind::placeholder) {
        text({"."}, mark);
        return {};
    }
    out_.open();
    if (one.kind == block_kind::missing_result) {
        missing_result(*one.what);
    } else if (auto written = part(*one.what); !written) {
        return written;
    }
    marks_.put_on_message(out_, mark);
    out_.close();
    return {};
}

void block_writer::text(escaped text, cache_mark mark) {
    out_.open().member("type", "text").member("text", text);
    marks_.put_on_message(out_, mark);
    out_.close();
}

result<> block_writer::part(const canonical::part& one) {
    switch (one.kind) {
    case part_kind::text:
    case part_kind::refusal: out_.member("type", "text").member("text", one.text); return {};
    case part_kind::reasoning: reasoning(one); return {};
    case part_kind::tool_call: tool_use(one); return {};
    case part_kind::tool_result: return tool_result(one);
    case part_kind::image: return image(one.source);
    case part_kind::file: return document(one.source);
    case part_kind::audio: return cannot("the model takes no audio.");
    case part_kind::video: return cannot("the model takes no video.");
    }
    return {};
}

void block_writer::reasoning(const canonical::part& one) {
    if (one.thought == reasoning_kind::encrypted) {
        out_.member("type", "redacted_thinking").member("data", one.data);
        return;
    }
    out_.member("type", "thinking").member("thinking", one.text);
    out_.member("signature", one.signature);
}

escaped block_writer::allowed_id(escaped id) {
    return messages::allowed_id(id, from_.made);
}

void block_writer::tool_use(const canonical::part& call) {
    out_.member("type", "tool_use").member("id", allowed_id(call.id));
    out_.member("name", allowed_name(call.name, from_.made));
    out_.member("input", arguments_object(call, from_.made));
}

void block_writer::missing_result(const canonical::part& call) {
    out_.member("type", "tool_result").member("tool_use_id", allowed_id(call.id));
    out_.member("content", "No result was given.").name("is_error").raw("true");
}

result<> block_writer::tool_result(const canonical::part& result) {
    out_.member("type", "tool_result").member("tool_use_id", allowed_id(result.id));
    const auto contents = from_.contents_of(result);
    const auto is_said = [](const canonical::part& one) {
        return one.kind != part_kind::text || !is_blank(one.text);
    };
    const auto said = std::ranges::count_if(contents, is_said);
    if (said == 0) {
        out_.member("content", result.is_error ? "The tool failed." : "");
    } else if (contents.size() == 1 && contents.front().kind == part_kind::text) {
        out_.member("content", contents.front().text);
    } else {
        out_.name("content").raw("[");
        bool is_first = true;
        for (const canonical::part& one : contents) {
            if (!is_said(one)) continue;
            if (one.kind == part_kind::audio || one.kind == part_kind::video) {
                to_.dropped.add("messages.tool.media");
                continue;
            }
            if (!is_first) out_.raw(",");
            is_first = false;
            if (auto written = nested(one); !written) return written;
        }
        out_.raw("]");
    }
    if (result.is_error) out_.name("is_error").raw("true");
    return {};
}

result<> block_writer::nested(const canonical::part& one) {
    out_.open();
    if (auto written = part(one); !written) return written;
    out_.close();
    return {};
}

result<> block_writer::image(const media_source& source) {
    out_.member("type", "image").name("source").open();
    if (source.kind == source_kind::base64) {
        out_.member("type", "base64").member("media_type", image_type(source));
        out_.member("data", source.data, to_.longs);
    } else if (auto written = remote(source); !written) {
        return written;
    }
    out_.close();
    return {};
}

result<> block_writer::document(const media_source& source) {
    out_.member("type", "document").name("source").open();
    if (source.kind == source_kind::text) {
        plain_document(source.data);
    } else if (source.kind != source_kind::base64) {
        if (auto written = remote(source); !written) return written;
    } else if (is_pdf(source)) {
        out_.member("type", "base64").member("media_type", "application/pdf");
        out_.member("data", source.data, to_.longs);
    } else if (is_text(source)) {
        std::string text;
        if (!append_from_base64(text, from_.made.plain(source.data)))
            return cannot("a file is no valid base64.");
        plain_document(from_.made.quoted(text));
    } else {
        return cannot("the model takes files of PDF and text only.");
    }
    out_.close();
    if (!source.name.empty()) out_.member("title", source.name);
    return {};
}

result<> block_writer::remote(const media_source& source) {
    if (hosting_ != hosting::first_party)
        return cannot("this provider takes media inside the request only: send it as a data: URL.");
    if (source.kind == source_kind::file_id) {
        out_.member("type", "file").member("file_id", source.data);
        return {};
    }
    if (source.kind != source_kind::url || !from_.made.plain(source.data).starts_with("https://"))
        return cannot("the URL of an image or file must begin with https://.");
    out_.member("type", "url").member("url", source.data);
    return {};
}

void block_writer::plain_document(escaped text) {
    out_.member("type", "text").member("media_type", "text/plain").member("data", text);
}

}  // namespace spillway::adapters::messages
