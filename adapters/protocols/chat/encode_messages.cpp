#include "adapters/protocols/chat/encode_messages.hpp"

#include "adapters/canonical/media.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

bool is_picture(const part& one) noexcept {
    return one.kind == part_kind::image || one.kind == part_kind::file ||
           one.kind == part_kind::video || one.kind == part_kind::audio;
}

bool has_kind(std::span<const part> all, part_kind kind) noexcept {
    return std::ranges::any_of(all, [kind](const part& one) { return one.kind == kind; });
}

// The texts behind one another; nothing between them that was not said.
void append_texts(std::string& out, std::span<const part> all, std::string_view between) {
    bool is_first = true;
    for (const part& one : all) {
        if (one.kind != part_kind::text || one.text.empty()) continue;
        if (!is_first) out.append(between);
        is_first = false;
        out.append(one.text.raw);
    }
}

bool is_plain_id(std::string_view id) noexcept {
    return id.find('\\') == id.npos;
}

}  // namespace

void append_call_id(std::string& out, escaped id, call_id_rule rule) {
    constexpr std::size_t longest = 40;
    constexpr std::size_t short_size = 9;
    const bool is_alnum = std::ranges::all_of(id.raw, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    const bool fits = rule == call_id_rule::nine_alphanumerics
                          ? id.raw.size() == short_size && is_alnum
                          : !id.empty() && id.raw.size() <= longest && is_plain_id(id.raw);
    if (fits) {
        out.append(id.raw);
        return;
    }
    // FNV-1a: what a call and its result agree on.
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;
    for (const char c : id.raw)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x0100'0000'01b3U;
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
    const bool is_short = rule == call_id_rule::nine_alphanumerics;
    if (!is_short) out.append("call_");
    for (std::size_t i = 0; i < (is_short ? short_size : 12U); ++i, hash >>= 5)
        out.push_back(digits[hash & 31]);
}

result<> message_encoder::run() {
    out_.push_back('[');
    const auto first = out_.size();
    for (at_ = 0; at_ < from_.messages.size(); ++at_) {
        const auto& one = from_.messages[at_];
        if (one.role != role::tool && has_pictures_ && !pictures_of_results()) return why_;
        if (!message(one)) return why_;
    }
    if (has_pictures_ && !pictures_of_results()) return why_;
    if (out_.size() > first) out_.pop_back();
    out_.push_back(']');
    return {};
}

bool message_encoder::refuse(std::string_view what) {
    why_ = make_problem(
        error_class::bad_request, fmt::format("{} cannot be sent {}.", provider_, what), "messages"
    );
    return false;
}

void message_encoder::open(std::string_view role, escaped name) {
    out_.append("{\"role\":\"").append(role).push_back('"');
    if (!name.empty() && row_.takes_message_names)
        out_.append(",\"name\":\"").append(name.raw).push_back('"');
}

// Each message ends with the comma behind it.
bool message_encoder::message(const canonical::message& one) {
    const auto all = from_.parts_of(one);
    switch (one.role) {
    case role::system:
    case role::developer: instructions(one, all); return true;
    case role::user: return user(one, all);
    case role::assistant: assistant(one, all); return true;
    case role::tool: return tool_results(all);
    }
    return true;
}

void message_encoder::instructions(const canonical::message& one, parts all) {
    const bool is_developer = one.role == role::developer && row_.takes_developer_role;
    open(is_developer ? "developer" : "system", one.name);
    const bool is_marked =
        row_.takes_openrouter_members && std::ranges::any_of(all, [](const canonical::part& text) {
            return text.cache != cache_mark::none;
        });
    if (is_marked) {
        out_.append(",\"content\":[");
        for (const auto& text : all)
            text_part(text.text, text.cache);
        out_.back() = ']';
        out_.append("},");
        return;
    }
    out_.append(",\"content\":\"");
    append_texts(out_, all, "\\n\\n");
    out_.append("\"},");
}

bool message_encoder::user(const canonical::message& one, parts all) {
    const bool is_marked =
        row_.takes_openrouter_members && !all.empty() && all.front().cache != cache_mark::none;
    if (all.size() == 1 && all.front().kind == part_kind::text && !is_marked) {
        open("user", one.name);
        out_.append(",\"content\":\"").append(all.front().text.raw).append("\"},");
        return true;
    }
    if (all.empty()) return true;
    open("user", one.name);
    out_.append(",\"content\":[");
    for (const auto& each : all) {
        if (!part(each)) return false;
    }
    if (out_.back() == ',') out_.pop_back();
    out_.append("]},");
    return true;
}

void message_encoder::cache_control(cache_mark mark) {
    if (mark == cache_mark::none || !row_.takes_openrouter_members) return;
    out_.append(",\"cache_control\":{\"type\":\"ephemeral\"");
    if (mark == cache_mark::one_hour) out_.append(",\"ttl\":\"1h\"");
    out_.push_back('}');
}

void message_encoder::text_part(escaped text, cache_mark mark) {
    if (text.empty()) return;
    out_.append("{\"type\":\"text\",\"text\":\"").append(text.raw).push_back('"');
    cache_control(mark);
    out_.append("},");
}

bool message_encoder::part(const canonical::part& one) {
    switch (one.kind) {
    case part_kind::text:
    case part_kind::refusal: text_part(one.text, one.cache); return true;
    case part_kind::image: {
        if (one.source.kind == source_kind::file_id) return refuse("an image by a file id");
        out_.append("{\"type\":\"image_url\",\"image_url\":{\"url\":\"");
        append_url(out_, one.source, "image/png", longs_);
        out_.push_back('"');
        if (const auto detail = one.source.detail.raw; !detail.empty()) {
            out_.append(",\"detail\":\"").append(detail == "original" ? "high" : detail);
            out_.push_back('"');
        }
        out_.push_back('}');
        cache_control(one.cache);
        out_.append("},");
        return true;
    }
    case part_kind::audio:
        if (one.source.kind != source_kind::base64) return refuse("audio by a URL");
        audio(one);
        return true;
    case part_kind::video:
        if (row_.refuses_unknown_members) return refuse("a video");
        out_.append("{\"type\":\"video_url\",\"video_url\":{\"url\":\"");
        append_url(out_, one.source, "video/mp4", longs_);
        out_.append("\"}},");
        return true;
    case part_kind::file: return file(one);
    case part_kind::reasoning:
    case part_kind::tool_call:
    case part_kind::tool_result: return true;
    }
    return true;
}

void message_encoder::audio(const canonical::part& one) {
    const auto format = audio_format(one.source.type.raw);
    out_.append("{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"");
    longs_.append(out_, one.source.data.raw);
    out_.append("\",\"format\":\"");
    out_.append(format.empty() ? "wav" : format).append("\"}},");
}

bool message_encoder::file(const canonical::part& one) {
    const auto& source = one.source;
    if (source.kind == source_kind::text) {
        text_part(source.data, one.cache);
        return true;
    }
    if (source.kind == source_kind::url && !row_.takes_openrouter_members)
        return refuse("a file by its URL");
    out_.append("{\"type\":\"file\",\"file\":{");
    if (source.kind == source_kind::file_id) {
        out_.append("\"file_id\":\"").append(source.data.raw);
    } else {
        out_.append("\"filename\":\"");
        out_.append(source.name.empty() ? "document.pdf" : source.name.raw);
        out_.append("\",\"file_data\":\"");
        append_url(out_, source, "application/pdf", longs_);
    }
    out_.append("\"}");
    cache_control(one.cache);
    out_.append("},");
    return true;
}

void message_encoder::assistant(const canonical::message& one, parts all) {
    if (all.empty()) return;
    open("assistant", one.name);
    const bool has_calls = has_kind(all, part_kind::tool_call);
    if (has_kind(all, part_kind::text) || !has_calls) {
        out_.append(",\"content\":\"");
        append_texts(out_, all, {});
        out_.push_back('"');
    } else {
        out_.append(",\"content\":null");
    }
    for (const auto& each : all) {
        if (each.kind == part_kind::refusal)
            out_.append(",\"refusal\":\"").append(each.text.raw).push_back('"');
        if (each.kind == part_kind::audio && each.source.kind == source_kind::file_id)
            out_.append(",\"audio\":{\"id\":\"").append(each.source.data.raw).append("\"}");
    }
    if (row_.takes_openrouter_members) {
        thought_details(all);
        images(all);
    } else if (has_calls) {
        thoughts(all);
    }
    if (has_calls) tool_calls(all);
    out_.append("},");
}

// The thoughts behind a call, where the provider wants to see them again. Others refuse the member.
void message_encoder::thoughts(parts all) {
    if (row_.thought_member.empty() || !has_kind(all, part_kind::reasoning)) return;
    out_.append(",\"").append(row_.thought_member).append("\":\"");
    for (const auto& one : all) {
        if (one.kind == part_kind::reasoning) out_.append(one.text.raw);
    }
    out_.push_back('"');
}

void message_encoder::thought_details(parts all) {
    std::size_t index = 0;
    const auto entry = [&](const canonical::part& one, std::string_view type) {
        out_.append(index == 0 ? ",\"reasoning_details\":[" : ",");
        out_.append("{\"type\":\"").append(type).append("\",\"format\":\"");
        out_.append(name_of(one.format)).append("\",\"index\":");
        out_.append(fmt::format_int{index++}.str());
        if (!one.id.empty()) out_.append(",\"id\":\"").append(one.id.raw).push_back('"');
    };
    for (const auto& one : all) {
        if (one.kind == part_kind::reasoning && one.thought == reasoning_kind::encrypted) {
            entry(one, "reasoning.encrypted");
            out_.append(",\"data\":\"").append(one.data.raw).append("\"}");
        } else if (one.kind == part_kind::reasoning) {
            const bool is_summary = one.thought == reasoning_kind::summary;
            entry(one, is_summary ? "reasoning.summary" : "reasoning.text");
            out_.append(is_summary ? ",\"summary\":\"" : ",\"text\":\"");
            out_.append(one.text.raw).push_back('"');
            if (!one.signature.empty())
                out_.append(",\"signature\":\"").append(one.signature.raw).push_back('"');
            out_.push_back('}');
        } else if (!one.signature.empty()) {
            entry(one, "reasoning.encrypted");
            out_.append(",\"data\":\"").append(one.signature.raw).append("\"}");
        }
    }
    if (index != 0) out_.push_back(']');
}

void message_encoder::images(parts all) {
    bool any = false;
    for (const auto& one : all) {
        if (one.kind != part_kind::image) continue;
        out_.append(any ? "," : ",\"images\":[");
        any = true;
        out_.append("{\"type\":\"image_url\",\"image_url\":{\"url\":\"");
        append_url(out_, one.source, "image/png", longs_);
        out_.append("\"}}");
    }
    if (any) out_.push_back(']');
}

bool message_encoder::is_free_text(escaped tool) const noexcept {
    return row_.takes_custom_tools && std::ranges::any_of(from_.tools, [tool](const auto& one) {
               return one.is_free_text && one.name == tool;
           });
}

void message_encoder::tool_calls(parts all) {
    out_.append(",\"tool_calls\":[");
    for (const auto& one : all) {
        if (one.kind != part_kind::tool_call) continue;
        out_.append("{\"id\":\"");
        append_call_id(out_, one.id, row_.call_ids);
        if (is_free_text(one.name)) {
            const padded_text object{arguments_object(one, from_.made).raw};
            json::document read;
            const bool is_read = read.read(object.view());
            out_.append("\",\"type\":\"custom\",\"custom\":{\"name\":\"").append(one.name.raw);
            out_.append("\",\"input\":\"");
            if (is_read) out_.append(read.root()["input"].string().raw);
        } else {
            out_.append("\",\"type\":\"function\",\"function\":{\"name\":\"").append(one.name.raw);
            out_.append("\",\"arguments\":\"").append(arguments_string(one, from_.made).raw);
        }
        out_.append("\"}},");
    }
    out_.back() = ']';
}

bool message_encoder::tool_results(parts all) {
    if (!has_pictures_) results_from_ = at_;
    for (const auto& one : all) {
        if (one.kind != part_kind::tool_result) continue;
        const auto contents = from_.contents_of(one);
        out_.append("{\"role\":\"tool\",\"tool_call_id\":\"");
        append_call_id(out_, one.id, row_.call_ids);
        out_.append("\",\"content\":\"");
        append_texts(out_, contents, "\\n");
        const bool shows = std::ranges::any_of(contents, is_picture);
        if (shows && !has_kind(contents, part_kind::text)) out_.append("See the attached content.");
        has_pictures_ |= shows;
        out_.append("\"},");
    }
    return true;
}

bool message_encoder::pictures_of_results() {
    has_pictures_ = false;
    out_.append("{\"role\":\"user\",\"content\":[");
    for (auto at = results_from_; at < from_.messages.size(); ++at) {
        if (from_.messages[at].role != role::tool) break;
        for (const auto& result : from_.parts_of(from_.messages[at])) {
            for (const auto& one : from_.contents_of(result)) {
                if (is_picture(one) && !part(one)) return false;
            }
        }
    }
    if (out_.back() == ',') out_.pop_back();
    out_.append("]},");
    return true;
}

}  // namespace spillway::adapters::chat
