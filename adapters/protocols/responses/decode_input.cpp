#include "adapters/protocols/responses/decode_input.hpp"

#include "adapters/canonical/media.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/protocols/responses/sealed.hpp"

#include <fmt/format.h>

namespace spillway::adapters::responses {

using namespace canonical;

bool input_decoder::refuse(std::string_view member, std::string_view message) {
    const auto param = fmt::format("input[{}].{}", index_, member);
    why_ = refusal(param, message);
    return false;
}

result<> input_decoder::take(json::value input) {
    if (input.is_string()) {
        into_.add_message(role::user);
        into_.add_text(input.string());
        return {};
    }
    if (!input.is_array()) return refusal("input", "must be a string or an array of items.");
    for (const auto one : input.elements()) {
        if (!one.is_object()) return refusal("input", "must hold objects.");
        if (!item(one)) return why_;
        ++index_;
    }
    sign_calls();
    if (into_.messages.empty()) return refusal("input", "must hold a message.");
    return {};
}

bool input_decoder::item(json::value one) {
    const auto type = one["type"];
    if (!type || type.equals("message")) return message(one);
    if (type.equals("function_call")) return call(one, call_form::function);
    if (type.equals("custom_tool_call")) return call(one, call_form::free_text);
    if (type.equals("function_call_output") || type.equals("custom_tool_call_output"))
        return output(one);
    if (type.equals("reasoning")) {
        reasoning(one);
        return true;
    }
    if (type.equals("item_reference")) {
        return refuse(
            "id",
            "is a reference to a stored item. This gateway keeps no answers: send the item itself."
        );
    }
    // What a provider's own tool did informs; without that provider nobody reads it.
    into_.extras.push_back({type.string().raw, one.text()});
    return true;
}

bool input_decoder::message(json::value one) {
    const auto who = one["role"];
    if (who.equals("user")) {
        into_.add_message(role::user);
    } else if (who.equals("assistant")) {
        in_assistant();
    } else if (who.equals("system")) {
        into_.add_message(role::system);
    } else if (who.equals("developer")) {
        into_.add_message(role::developer);
    } else {
        return refuse("role", "must be user, assistant, system or developer.");
    }
    const auto role = into_.messages.back().role;
    const auto first = into_.parts.size();
    if (!contents(one["content"])) return false;
    if (role != role::system && role != role::developer) return true;
    for (auto at = first; at < into_.parts.size(); ++at) {
        if (into_.parts[at].kind != part_kind::text)
            return refuse("content", "must be text for this role.");
    }
    return true;
}

bool input_decoder::contents(json::value content) {
    if (content.is_string()) {
        into_.add_text(content.string());
        return true;
    }
    if (!content.is_array()) return refuse("content", "must be a string or an array of parts.");
    for (const auto one : content.elements()) {
        if (!part(one, into_.add(part_kind::text))) return false;
    }
    return true;
}

bool input_decoder::part(json::value one, canonical::part& made) {
    const auto type = one["type"];
    const bool is_text = type.equals("input_text") || type.equals("output_text") ||
                         type.equals("text") || type.equals("summary_text");
    if (is_text) {
        if (!one["text"].is_string()) return refuse("content", "has a text part without text.");
        made.text = one["text"].string();
        if (const auto control = one["cache_control"]; control.is_object())
            made.cache =
                control["ttl"].equals("1h") ? cache_mark::one_hour : cache_mark::five_minutes;
        return true;
    }
    if (type.equals("refusal")) {
        made.kind = part_kind::refusal;
        made.text = one["refusal"].string();
        return true;
    }
    if (type.equals("input_image")) return image(one, made);
    if (type.equals("input_file")) return file(one, made);
    if (type.equals("input_audio")) return audio(one["input_audio"], made);
    if (type.equals("input_video")) {
        made.kind = part_kind::video;
        if (one["video_url"].is_string() &&
            read_url(one["video_url"].string(), made.source, into_.made))
            return true;
        return refuse("content", "has a video without a URL.");
    }
    return refuse(
        "content", fmt::format("has a part of the unknown type \"{}\".", type.string().raw)
    );
}

bool input_decoder::image(json::value one, canonical::part& made) {
    made.kind = part_kind::image;
    made.source.detail = one["detail"].string();
    if (const auto id = one["file_id"]; id.is_string()) {
        made.source.kind = source_kind::file_id;
        made.source.data = id.string();
        return true;
    }
    const auto url = one["image_url"].is_object() ? one["image_url"]["url"] : one["image_url"];
    if (!url.is_string() || url.string().empty())
        return refuse("content", "has an image without image_url and file_id.");
    if (read_url(url.string(), made.source, into_.made)) return true;
    return refuse("content", "has a data: URL that is not base64.");
}

bool input_decoder::file(json::value one, canonical::part& made) {
    made.kind = part_kind::file;
    made.source.name = one["filename"].string();
    if (const auto id = one["file_id"]; id.is_string()) {
        made.source.kind = source_kind::file_id;
        made.source.data = id.string();
        return true;
    }
    if (const auto url = one["file_url"]; url.is_string()) {
        made.source.kind = source_kind::url;
        made.source.data = url.string();
        return true;
    }
    const auto data = one["file_data"].string();
    if (data.empty())
        return refuse("content", "has a file without file_data, file_url and file_id.");
    if (!data.raw.starts_with("data:")) {
        made.source.kind = source_kind::base64;
        made.source.data = data;
        return true;
    }
    if (read_url(data, made.source, into_.made)) return true;
    return refuse("content", "has a data: URL that is not base64.");
}

bool input_decoder::audio(json::value one, canonical::part& made) {
    if (!one["data"].is_string() || !one["format"].is_string())
        return refuse("content", "has audio without data and format.");
    made.kind = part_kind::audio;
    made.source.kind = source_kind::base64;
    made.source.data = one["data"].string();
    made.source.type = {into_.made.keep(fmt::format("audio/{}", one["format"].string().raw))};
    return true;
}

void input_decoder::in_assistant() {
    if (into_.messages.empty() || into_.messages.back().role != role::assistant)
        into_.add_message(role::assistant);
}

// Summaries, thoughts, and what only the maker reads, as parts that carry the item's id.
void input_decoder::reasoning(json::value one) {
    const auto sealed = seal_of(one["encrypted_content"].string());
    if (sealed.kind == seal_kind::call) {
        signatures_.push_back({sealed.call, sealed.data});
        return;
    }
    in_assistant();
    const auto first = into_.parts.size();
    const auto add = [&](json::value list, reasoning_kind thought) {
        for (const auto piece : list.elements()) {
            auto& made = into_.add(part_kind::reasoning);
            made.thought = thought;
            made.format = sealed.format;
            made.text = piece["text"].string();
            made.id = one["id"].string();
        }
    };
    add(one["summary"], reasoning_kind::summary);
    add(one["content"], reasoning_kind::text);
    if (sealed.data.empty()) return;
    const bool signs = sealed.kind == seal_kind::signature;
    if (signs && into_.parts.size() > first && into_.parts.back().thought == reasoning_kind::text) {
        into_.parts.back().signature = sealed.data;
        return;
    }
    auto& made = into_.add(part_kind::reasoning);
    made.thought = signs ? reasoning_kind::text : reasoning_kind::encrypted;
    made.format = sealed.format;
    made.id = one["id"].string();
    (signs ? made.signature : made.data) = sealed.data;
}

bool input_decoder::call(json::value one, call_form form) {
    if (!one["call_id"].is_string()) return refuse("call_id", "must be a string.");
    if (!one["name"].is_string()) return refuse("name", "must be a string.");
    in_assistant();
    auto& made = into_.add(part_kind::tool_call);
    made.id = one["call_id"].string();
    made.name = one["name"].string();
    if (form == call_form::free_text) {
        made.object = {
            into_.made.keep(fmt::format("{{\"input\":\"{}\"}}", one["input"].string().raw))};
    } else {
        made.arguments = one["arguments"].string();
    }
    return true;
}

bool input_decoder::output(json::value one) {
    if (!one["call_id"].is_string()) return refuse("call_id", "must be a string.");
    into_.add_message(role::tool);
    auto& made = into_.add(part_kind::tool_result);
    made.id = one["call_id"].string();
    const auto said = one["output"];
    if (said.is_string()) {
        into_.add_nested(part_kind::text).text = said.string();
        return true;
    }
    if (!said.is_array()) return refuse("output", "must be a string or an array of parts.");
    for (const auto piece : said.elements()) {
        if (!part(piece, into_.add_nested(part_kind::text))) return false;
    }
    return true;
}

void input_decoder::sign_calls() {
    for (const auto& [id, data] : signatures_) {
        for (auto& one : into_.parts) {
            if (one.kind != part_kind::tool_call || one.id != id) continue;
            one.signature = data;
            one.format = reasoning_format::google;
        }
    }
}

}  // namespace spillway::adapters::responses
