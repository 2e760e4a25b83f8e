#include "adapters/protocols/messages/decode_messages.hpp"

#include "adapters/canonical/media.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/protocols/messages/own_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

// A line Claude Code puts before its prompt; it differs with each request, so that no prefix would ever be cached.
constexpr std::string_view billing_line = "x-anthropic-billing-header:";

struct block_row {
    std::string_view type;
    std::string_view member;  // whose text stands for the block elsewhere; empty: none does
};
// Blocks of a history that only Anthropic can read back.
constexpr std::array<block_row, 5> texts_elsewhere{{
    {"compaction", "content"},
    {"mid_conv_system", "text"},
    {"tool_reference", "tool_name"},
    {"container_upload", {}},
    {"server_tool_use", {}},
}};

}  // namespace

cache_mark mark_of(json::value carrier) noexcept {
    const auto control = carrier["cache_control"];
    if (!control.is_object()) return cache_mark::none;
    return control["ttl"].equals("1h") ? cache_mark::one_hour : cache_mark::five_minutes;
}

bool message_decoder::refuse(std::string_view member, std::string_view message) {
    why_ = refusal(fmt::format("messages[{}].{}", index_, member), message);
    return false;
}

result<> message_decoder::system(json::value value) {
    if (!value) return {};
    constexpr std::string_view expected = "must be a string or an array of text blocks.";
    if (value.is_string()) {
        if (value.string().raw.starts_with(billing_line)) return {};
        into_.add_message(role::system);
        into_.add_text(value.string());
        return {};
    }
    if (!value.is_array()) return refusal("system", expected);
    bool is_open = false;
    for (const auto one : value.elements()) {
        if (!one["text"].is_string()) return refusal("system", expected);
        const auto text = one["text"].string();
        if (text.empty() || text.raw.starts_with(billing_line)) continue;
        if (!is_open) into_.add_message(role::system);
        is_open = true;
        into_.add_text(text).cache = mark_of(one);
    }
    return {};
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
    const auto content = one["content"];
    if (!content.is_string() && !content.is_array())
        return refuse("content", "must be a string or an array of blocks.");
    if (who.equals("user")) return user(content);
    if (who.equals("assistant")) return assistant(content);
    if (who.equals("system")) return text_only(content, role::system);
    return refuse("role", "must be user or assistant.");
}

bool message_decoder::text_only(json::value content, role as) {
    into_.add_message(as);
    if (content.is_string()) {
        add_text(content.string(), {}, place::message);
        return true;
    }
    for (const auto one : content.elements()) {
        if (!one["text"].is_string()) return refuse("content", "must be text for this role.");
        add_text(one["text"].string(), one, place::message);
    }
    return true;
}

// Results go first, as messages of their own.
bool message_decoder::user(json::value content) {
    if (content.is_string()) return text_only(content, role::user);
    const auto is_result = [](json::value one) {
        return one["type"].equals("tool_result");
    };
    std::size_t results = 0;
    std::size_t others = 0;
    for (const auto one : content.elements())
        ++(is_result(one) ? results : others);
    if (results > 0) {
        into_.add_message(role::tool);
        for (const auto one : content.elements()) {
            if (is_result(one) && !tool_result(one)) return false;
        }
    }
    if (others == 0 && results > 0) return true;
    into_.add_message(role::user);
    for (const auto one : content.elements()) {
        if (!is_result(one) && !block(one, place::message)) return false;
    }
    return true;
}

bool message_decoder::assistant(json::value content) {
    if (content.is_string()) return text_only(content, role::assistant);
    into_.add_message(role::assistant);
    for (const auto one : content.elements()) {
        if (!block(one, place::message)) return false;
    }
    return true;
}

part& message_decoder::add(part_kind kind, place where) {
    return where == place::message ? into_.add(kind) : into_.add_nested(kind);
}

void message_decoder::add_text(escaped text, json::value carrier, place where) {
    if (text.empty()) return;
    part& made = add(part_kind::text, where);
    made.text = text;
    made.cache = mark_of(carrier);
}

bool message_decoder::block(json::value one, place where) {
    const auto type = one["type"];
    if (!type.is_string()) return refuse("content", "holds a block without a type.");
    if (type.equals("text")) return text(one, where);
    if (type.equals("image")) return image(one, where);
    if (type.equals("document")) return document(one, where);
    if (type.equals("search_result")) return search_result(one, where);
    if (where == place::message) {
        if (type.equals("tool_use")) return tool_use(one);
        if (type.equals("thinking")) return thinking(one);
        if (type.equals("redacted_thinking")) return redacted(one);
    }
    const auto* row = std::ranges::find(texts_elsewhere, type.string().raw, &block_row::type);
    if (row != texts_elsewhere.end() && !row->member.empty()) {
        add_text(one[row->member].string(), one, where);
        return true;
    }
    elsewhere(one, type.string().raw);
    return true;
}

// What only Anthropic can read back is told as dropped.
void message_decoder::elsewhere(json::value one, std::string_view type) {
    into_.extras.push_back({type, one.text()});
}

bool message_decoder::text(json::value one, place where) {
    if (!one["text"].is_string()) return refuse("content.text", "must be a string.");
    add_text(one["text"].string(), one, where);
    return true;
}

bool message_decoder::source(json::value from, media_source& into) {
    const auto type = from["type"];
    const auto text = [&](std::string_view name, source_kind kind) {
        into.kind = kind;
        into.data = from[name].string();
        if (!from[name].is_string())
            return refuse(fmt::format("content.source.{}", name), "must be a string.");
        return true;
    };
    into.type = from["media_type"].string();
    if (type.equals("base64")) return text("data", source_kind::base64);
    if (type.equals("text")) return text("data", source_kind::text);
    if (type.equals("file")) return text("file_id", source_kind::file_id);
    if (!type.equals("url"))
        return refuse("content.source.type", "must be base64, url, text or file.");
    if (!from["url"].is_string()) return refuse("content.source.url", "must be a string.");
    if (!read_url(from["url"].string(), into, into_.made))
        return refuse("content.source.url", "must be an address, or a data: URL in base64.");
    return true;
}

bool message_decoder::image(json::value one, place where) {
    part& made = add(part_kind::image, where);
    made.cache = mark_of(one);
    return source(one["source"], made.source);
}

bool message_decoder::document(json::value one, place where) {
    if (one["citations"]["enabled"].is_true()) elsewhere(one["citations"], "citations");
    const auto title = one["title"].string();
    const auto from = one["source"];
    add_text(one["context"].string(), {}, where);
    if (!from["type"].equals("content")) {
        part& made = add(part_kind::file, where);
        made.cache = mark_of(one);
        made.source.name = title;
        return source(from, made.source);
    }
    add_text(title, {}, where);
    if (from["content"].is_string()) add_text(from["content"].string(), one, where);
    for (const auto each : from["content"].elements()) {
        if (!block(each, where)) return false;
    }
    return true;
}

bool message_decoder::search_result(json::value one, place where) {
    std::string all;
    const auto add_line = [&all](escaped line) {
        if (line.empty()) return;
        if (!all.empty()) all.append("\\n");
        all.append(line.raw);
    };
    add_line(one["title"].string());
    add_line(one["source"].string());
    for (const auto each : one["content"].elements())
        add_line(each["text"].string());
    add_text({into_.made.keep(std::move(all))}, one, where);
    return true;
}

bool message_decoder::thinking(json::value one) {
    if (!one["thinking"].is_string() || !one["signature"].is_string())
        return refuse("content.thinking", "needs its thinking and its signature, both strings.");
    part& made = into_.add(part_kind::reasoning);
    made.text = one["thinking"].string();
    const auto signature = one["signature"].string();
    const auto token = read_token(signature);
    if (token.kind == token_kind::foreign) {
        made.format = reasoning_format::anthropic;
        made.signature = signature;
        return true;
    }
    made.format = token.format;
    made.id = token.id;
    made.signature = token.payload;
    if (token.format == reasoning_format::openai) made.thought = reasoning_kind::summary;
    return true;
}

bool message_decoder::redacted(json::value one) {
    if (!one["data"].is_string()) return refuse("content.data", "must be a string.");
    const auto data = one["data"].string();
    const auto token = read_token(data);
    if (token.kind == token_kind::call) {
        for (part& call : into_.parts) {
            if (call.kind != part_kind::tool_call || call.id != token.id) continue;
            call.signature = token.payload;
            call.format = token.format;
        }
        return true;
    }
    part& made = into_.add(part_kind::reasoning);
    made.thought = reasoning_kind::encrypted;
    const bool is_foreign = token.kind == token_kind::foreign;
    made.format = is_foreign ? reasoning_format::anthropic : token.format;
    made.id = token.id;
    made.data = is_foreign ? data : token.payload;
    return true;
}

bool message_decoder::tool_use(json::value one) {
    if (!one["id"].is_string() || !one["name"].is_string())
        return refuse("content.tool_use", "needs an id and a name, both strings.");
    part& made = into_.add(part_kind::tool_call);
    made.cache = mark_of(one);
    made.id = one["id"].string();
    made.name = one["name"].string();
    const auto input = one["input"].text();
    made.object = input.empty() ? raw_value{"{}"} : input;
    return true;
}

bool message_decoder::tool_result(json::value one) {
    if (!one["tool_use_id"].is_string()) return refuse("content.tool_use_id", "must be a string.");
    part& made = into_.add(part_kind::tool_result);
    made.cache = mark_of(one);
    made.id = one["tool_use_id"].string();
    made.is_error = one["is_error"].is_true();
    const auto content = one["content"];
    if (content.is_string()) {
        add_text(content.string(), {}, place::tool_result);
        return true;
    }
    if (content && !content.is_array())
        return refuse("content.content", "must be a string or an array of blocks.");
    for (const auto each : content.elements()) {
        if (!block(each, place::tool_result)) return false;
    }
    return true;
}

}  // namespace spillway::adapters::messages
