#include "adapters/protocols/chat/decode_messages.hpp"

#include "adapters/canonical/media.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/writer.hpp"

#include <fmt/format.h>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

// Compatible servers call the thought of a message by one of these names.
constexpr std::array<std::string_view, 3> thought_names{
    "reasoning_content", "reasoning", "reasoning_text"};

}  // namespace

cache_mark mark_of(json::value carrier) noexcept {
    if (const auto control = carrier["cache_control"]; control.is_object())
        return control["ttl"].equals("1h") ? cache_mark::one_hour : cache_mark::five_minutes;
    return carrier["prompt_cache_breakpoint"].is_object() ? cache_mark::five_minutes
                                                          : cache_mark::none;
}

bool message_decoder::refuse(std::string_view member, std::string_view message) {
    const auto param = fmt::format("messages[{}].{}", index_, member);
    why_ = refusal(param, message);
    return false;
}

result<> message_decoder::take(json::value list) {
    if (!list.is_array() || list.is_empty())
        return refusal("messages", "must be a non-empty array of objects.");
    for (const auto one : list.elements()) {
        if (!message(one)) return why_;
        ++index_;
    }
    return {};
}

bool message_decoder::message(json::value one) {
    const auto who = one["role"];
    if (!who.is_string()) return refuse("role", "must be a string.");
    if (who.equals("system")) return instructions(one, role::system);
    if (who.equals("developer")) return instructions(one, role::developer);
    if (who.equals("user")) return user(one);
    if (who.equals("assistant")) return assistant(one);
    if (who.equals("tool")) return tool(one);
    if (who.equals("function")) return legacy_function(one);
    return refuse("role", "must be system, developer, user, assistant or tool.");
}

bool message_decoder::instructions(json::value one, canonical::role as) {
    into_.add_message(as).name = one["name"].string();
    const auto first = into_.parts.size();
    if (!contents(one["content"], place::message)) return false;
    for (auto at = first; at < into_.parts.size(); ++at) {
        if (into_.parts[at].kind != part_kind::text)
            return refuse("content", "must be text for this role.");
    }
    return true;
}

bool message_decoder::user(json::value one) {
    into_.add_message(role::user).name = one["name"].string();
    return contents(one["content"], place::message);
}

bool message_decoder::assistant(json::value one) {
    into_.add_message(role::assistant).name = one["name"].string();
    signatures_.clear();
    reasoning(one);
    const auto content = one["content"];
    if (content && !contents(content, place::message)) return false;
    if (const auto refused = one["refusal"]; refused.is_string() && !refused.string().empty())
        into_.add(part_kind::refusal).text = refused.string();
    if (!images(one["images"]) || !tool_calls(one["tool_calls"])) return false;
    function_call(one["function_call"]);
    sign_calls();
    if (const auto voice = one["audio"]["id"]; voice.is_string()) {
        auto& made = into_.add(part_kind::audio);
        made.source.kind = source_kind::file_id;
        made.source.data = voice.string();
    }
    if (!content && into_.messages.back().count == 0)
        return refuse("content", "is needed where no tool is called.");
    return true;
}

bool message_decoder::tool(json::value one) {
    const auto id = one["tool_call_id"];
    if (!id.is_string()) return refuse("tool_call_id", "must be a string.");
    into_.add_message(role::tool);
    auto& made = into_.add(part_kind::tool_result);
    made.id = id.string();
    made.name = one["name"].string();
    return contents(one["content"], place::tool_result);
}

bool message_decoder::legacy_function(json::value one) {
    if (!one["name"].is_string()) return refuse("name", "must be a string.");
    into_.add_message(role::tool);
    auto& made = into_.add(part_kind::tool_result);
    made.id = legacy_id_;
    made.name = one["name"].string();
    if (!one["content"]) return true;
    return contents(one["content"], place::tool_result);
}

bool message_decoder::contents(json::value content, place where) {
    const auto add = [this, where](part_kind kind) -> canonical::part& {
        return where == place::message ? into_.add(kind) : into_.add_nested(kind);
    };
    if (content.is_string()) {
        add(part_kind::text).text = content.string();
        return true;
    }
    if (!content.is_array()) return refuse("content", "must be a string or an array of parts.");
    for (const auto one : content.elements()) {
        canonical::part& made = add(part_kind::text);
        if (!part(one, made)) return false;
        made.cache = mark_of(one);
        if (where == place::tool_result && made.cache != cache_mark::none)
            into_.parts.back().cache = made.cache;
    }
    return true;
}

bool message_decoder::part(json::value one, canonical::part& made) {
    const auto type = one["type"];
    if (!type.is_string()) return refuse("content", "must hold parts with a type.");
    if (type.equals("text") || type.equals("input_text") || type.equals("output_text")) {
        if (!one["text"].is_string()) return refuse("content", "has a text part without text.");
        made.text = one["text"].string();
        return true;
    }
    if (type.equals("image_url")) return url_part(one["image_url"], part_kind::image, made);
    if (type.equals("video_url")) return url_part(one["video_url"], part_kind::video, made);
    if (type.equals("input_video")) {
        const auto video = one["input_video"];
        return url_part(video ? video : one["video_url"], part_kind::video, made);
    }
    if (type.equals("input_audio")) return audio_part(one["input_audio"], made);
    if (type.equals("file")) return file_part(one["file"], made);
    if (type.equals("refusal")) {
        if (!one["refusal"].is_string()) return refuse("content", "has a refusal without text.");
        made.kind = part_kind::refusal;
        made.text = one["refusal"].string();
        return true;
    }
    if (type.equals("thinking") || type.equals("reasoning")) {
        thinking_part(one, made);
        return true;
    }
    return refuse(
        "content", fmt::format("has a part of the unknown type \"{}\".", type.string().raw)
    );
}

// {"url":…,"detail":…}, or the URL alone, as Mistral's clients send it.
bool message_decoder::url_part(json::value url, part_kind kind, canonical::part& made) {
    const auto text = url.is_object() ? url["url"] : url;
    if (!text.is_string() || text.string().empty())
        return refuse("content", "has an image or a video without a URL.");
    made.kind = kind;
    made.source.detail = url["detail"].string();
    if (read_url(text.string(), made.source, into_.made)) return true;
    return refuse("content", "has a data: URL that is not base64.");
}

bool message_decoder::audio_part(json::value audio, canonical::part& made) {
    if (!audio["data"].is_string() || !audio["format"].is_string())
        return refuse("content", "has audio without data and format.");
    made.kind = part_kind::audio;
    const auto data = audio["data"].string();
    if (data.raw.starts_with("data:")) {
        if (read_url(data, made.source, into_.made)) return true;
        return refuse("content", "has a data: URL that is not base64.");
    }
    made.source.kind = source_kind::base64;
    made.source.data = data;
    made.source.type = {into_.made.keep(fmt::format("audio/{}", audio["format"].string().raw))};
    return true;
}

bool message_decoder::file_part(json::value file, canonical::part& made) {
    made.kind = part_kind::file;
    made.source.name = file["filename"].string();
    if (const auto id = file["file_id"]; id.is_string()) {
        made.source.kind = source_kind::file_id;
        made.source.data = id.string();
        return true;
    }
    const auto data = file["file_data"] ? file["file_data"] : file["file_url"];
    if (!data.is_string() || data.string().empty())
        return refuse("content", "has a file without file_data and file_id.");
    const auto text = data.string();
    if (!read_url(text, made.source, into_.made))
        return refuse("content", "has a data: URL that is not base64.");
    const bool is_bare =
        made.source.kind == source_kind::url && text.raw.find(':') == text.raw.npos;
    if (is_bare) made.source.kind = source_kind::base64;
    return true;
}

// Mistral: {"thinking":[{"type":"text","text":…}]}; others: {"thinking":"…","signature":"…"}.
void message_decoder::thinking_part(json::value one, canonical::part& made) {
    made.kind = part_kind::reasoning;
    const auto thought = one["thinking"] ? one["thinking"] : one["text"];
    made.signature = one["signature"].string();
    if (!made.signature.empty()) made.format = reasoning_format::anthropic;
    if (!thought.is_array()) {
        made.text = thought.string();
        return;
    }
    std::string all;
    for (const auto piece : thought.elements())
        all.append(piece["text"].string().raw);
    made.text = {into_.made.keep(std::move(all))};
}

bool message_decoder::images(json::value list) {
    for (const auto one : list.elements()) {
        if (!url_part(one["image_url"], part_kind::image, into_.add(part_kind::image)))
            return false;
    }
    return true;
}

void message_decoder::reasoning(json::value one) {
    if (const auto details = one["reasoning_details"]; details.is_array() && !details.is_empty())
        return reasoning_details(details);
    for (const auto name : thought_names) {
        const auto thought = one[name];
        if (!thought.is_string() || thought.string().empty()) continue;
        into_.add(part_kind::reasoning).text = thought.string();
        return;
    }
}

// A client may have kept a stream's entries as they came: neighbours of one kind and index are one thought.
void message_decoder::reasoning_details(json::value list) {
    std::string joined;
    std::string_view open;  // type and index of the last entry, as they stand
    std::string_view open_index;
    const auto close = [&] {
        if (!joined.empty()) into_.parts.back().text = {into_.made.keep(std::move(joined))};
        joined.clear();
    };
    for (const auto one : list.elements()) {
        const auto type = one["type"];
        const bool is_summary = type.equals("reasoning.summary");
        const auto text = one[is_summary ? "summary" : "text"].string();
        if (type.equals("reasoning.encrypted")) {
            close();
            open = {};
            const auto format = format_named(one["format"].string().raw);
            if (format == reasoning_format::google && one["id"].is_string()) {
                signatures_.push_back({one["id"].string(), one["data"].string()});
                continue;
            }
            auto& made = into_.add(part_kind::reasoning);
            made.thought = reasoning_kind::encrypted;
            made.format = format;
            made.data = one["data"].string();
            made.id = one["id"].string();
            continue;
        }
        if (!is_summary && !type.equals("reasoning.text")) continue;
        const bool goes_on = open == type.raw() && open_index == one["index"].raw() &&
                             !open_index.empty() && into_.parts.back().signature.empty();
        if (!goes_on) {
            close();
            auto& made = into_.add(part_kind::reasoning);
            made.thought = is_summary ? reasoning_kind::summary : reasoning_kind::text;
            made.format = format_named(one["format"].string().raw);
            made.text = text;
            made.id = one["id"].string();
        } else if (!text.empty()) {
            if (joined.empty()) joined = into_.parts.back().text.raw;
            joined.append(text.raw);
        }
        if (const auto signed_by = one["signature"].string(); !signed_by.empty())
            into_.parts.back().signature = signed_by;
        open = type.raw();
        open_index = one["index"].raw();
    }
    close();
}

bool message_decoder::tool_calls(json::value list) {
    if (!list) return true;
    if (!list.is_array()) return refuse("tool_calls", "must be an array.");
    for (const auto one : list.elements()) {
        if (!tool_call(one)) return false;
    }
    return true;
}

bool message_decoder::tool_call(json::value one) {
    if (!one["id"].is_string()) return refuse("tool_calls", "holds a call without an id.");
    const auto custom = one["custom"];
    const auto function = custom.is_object() ? custom : one["function"];
    if (!function["name"].is_string()) return refuse("tool_calls", "holds a call without a name.");
    auto& made = into_.add(part_kind::tool_call);
    made.id = one["id"].string();
    made.name = function["name"].string();
    if (custom.is_object()) {
        const auto input = function["input"].string();
        made.object = {into_.made.keep(fmt::format("{{\"input\":\"{}\"}}", input.raw))};
    } else if (const auto arguments = function["arguments"]; arguments.is_string()) {
        made.arguments = arguments.string();
    } else {
        made.object = arguments.text();
    }
    const auto signed_by = one["extra_content"]["google"]["thought_signature"];
    if (signed_by.is_string()) {
        made.signature = signed_by.string();
        made.format = reasoning_format::google;
    }
    return true;
}

void message_decoder::function_call(json::value call) {
    if (!call["name"].is_string()) return;
    auto& made = into_.add(part_kind::tool_call);
    legacy_id_ = {into_.made.keep(fmt::format("call_function_{}", index_))};
    made.id = legacy_id_;
    made.name = call["name"].string();
    made.arguments = call["arguments"].string();
}

void message_decoder::sign_calls() {
    const auto first = into_.messages.back().first;
    for (const auto& [id, data] : signatures_) {
        for (auto at = first; at < into_.parts.size(); ++at) {
            auto& call = into_.parts[at];
            if (call.kind != part_kind::tool_call || call.id != id) continue;
            call.signature = data;
            call.format = reasoning_format::google;
        }
    }
}

}  // namespace spillway::adapters::chat
