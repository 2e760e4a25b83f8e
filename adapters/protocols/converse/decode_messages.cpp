#include "adapters/protocols/converse/decode_messages.hpp"

#include "adapters/canonical/refusal.hpp"
#include "adapters/protocols/converse/media_formats.hpp"

#include <fmt/format.h>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

// A content block is a union: an object with one member.
struct content_block {
    std::string_view name;
    json::value value;
};

content_block block_of(json::value from) noexcept {
    for (const auto [name, value] : from.members())
        return {name, value};
    return {};
}

problem refuse(std::size_t message, std::string_view what) {
    return refusal(fmt::format("messages[{}].content", message), what);
}

void read_source(json::value from, medium what, media_source& into) noexcept {
    const json::value source = from["source"];
    into.type = {type_of(what, from["format"].string().raw)};
    into.name = from["name"].string();
    if (const json::value octets = source["bytes"]; octets.is_string()) {
        into.kind = source_kind::base64;
        into.data = octets.string();
    } else if (const json::value address = source["s3Location"]["uri"]; address.is_string()) {
        into.kind = source_kind::url;
        into.data = address.string();
    } else if (const json::value text = source["text"]; text.is_string()) {
        into.kind = source_kind::text;
        into.data = text.string();
    }
}

struct media_row {
    std::string_view name;
    medium what;
    part_kind kind;
};
constexpr std::array<media_row, 4> media{{
    {"image", medium::image, part_kind::image},
    {"document", medium::document, part_kind::file},
    {"video", medium::video, part_kind::video},
    {"audio", medium::audio, part_kind::audio},
}};

const media_row* media_named(std::string_view name) noexcept {
    for (const media_row& row : media) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

// The text of a guardContent block.
json::value guarded_text(json::value from) noexcept {
    return from["text"]["text"];
}

class turn_reader {
public:
    turn_reader(request& into, std::size_t number) noexcept : into_{into}, number_{number} {}

    result<> read(json::value message) {
        const json::value as = message["role"];
        const bool is_assistant = as.equals("assistant");
        if (!is_assistant && !as.equals("user")) {
            return refusal(
                fmt::format("messages[{}].role", number_), "must be \"user\" or \"assistant\"."
            );
        }
        const json::value content = message["content"];
        if (!content.is_array()) return refuse(number_, "must be an array of content blocks.");
        if (auto read = results(content); !read) return read;
        if (!has_others(content)) return {};
        into_.add_message(is_assistant ? role::assistant : role::user);
        return others(content);
    }

private:
    static bool has_others(json::value content) noexcept {
        if (content.is_empty()) return true;
        for (const json::value one : content.elements()) {
            const content_block block = block_of(one);
            if (block.name != "toolResult" && block.name != "cachePoint") return true;
        }
        return false;
    }

    result<> results(json::value content) {
        bool has_message = false;
        bool is_behind_result = false;
        for (const json::value one : content.elements()) {
            const content_block block = block_of(one);
            if (block.name == "cachePoint" && is_behind_result)
                into_.parts.back().cache = mark_of(block.value);
            is_behind_result = block.name == "toolResult";
            if (!is_behind_result) continue;
            if (!has_message) into_.add_message(role::tool);
            has_message = true;
            if (auto read = tool_result(block.value); !read) return read;
        }
        return {};
    }

    result<> tool_result(json::value from) {
        if (!from["toolUseId"].is_string())
            return refuse(number_, "a toolResult needs its toolUseId.");
        part& made = into_.add(part_kind::tool_result);
        made.id = from["toolUseId"].string();
        made.is_error = from["status"].equals("error");
        const json::value content = from["content"];
        if (content && !content.is_array())
            return refuse(number_, "a toolResult's content must be an array.");
        for (const json::value one : content.elements()) {
            const content_block block = block_of(one);
            if (const media_row* row = media_named(block.name)) {
                read_source(block.value, row->what, into_.add_nested(row->kind).source);
            } else if (block.name == "json") {
                into_.add_nested(part_kind::text).text = into_.made.quoted(block.value.raw());
            } else if (block.name == "text") {
                into_.add_nested(part_kind::text).text = block.value.string();
            } else {
                into_.add_nested(part_kind::text).text = into_.made.quoted(one.raw());
            }
        }
        return {};
    }

    result<> others(json::value content) {
        bool is_behind_part = false;
        for (const json::value one : content.elements()) {
            const content_block block = block_of(one);
            if (block.name == "cachePoint") {
                if (is_behind_part) into_.parts.back().cache = mark_of(block.value);
                continue;
            }
            const std::size_t before = into_.parts.size();
            if (block.name != "toolResult") {
                if (auto read = other(block, one); !read) return read;
            }
            is_behind_part = into_.parts.size() > before;
        }
        return {};
    }

    result<> other(const content_block& block, json::value whole) {
        if (block.name == "text") {
            if (!block.value.is_string()) return refuse(number_, "text must be a string.");
            into_.add_text(block.value.string());
        } else if (const media_row* row = media_named(block.name)) {
            part& made = into_.add(row->kind);
            read_source(block.value, row->what, made.source);
            if (made.source.kind == source_kind::none) {
                return refuse(
                    number_, fmt::format("the source of {} must hold bytes.", block.name)
                );
            }
        } else if (block.name == "toolUse") {
            return tool_use(block.value);
        } else if (block.name == "reasoningContent") {
            reasoning(block.value);
        } else if (block.name == "guardContent") {
            into_.add_text(guarded_text(block.value).string());
        } else if (block.name == "citationsContent") {
            for (const json::value text : block.value["content"].elements())
                into_.add_text(text["text"].string());
        } else if (block.name == "searchResult") {
            into_.add_text(into_.made.quoted(block.value.raw()));
        } else {
            return refuse(
                number_,
                fmt::format("holds a block that is not known: {}.", whole.raw().substr(0, 40))
            );
        }
        return {};
    }

    result<> tool_use(json::value from) {
        if (!from["toolUseId"].is_string() || !from["name"].is_string())
            return refuse(number_, "a toolUse needs its toolUseId and name.");
        part& made = into_.add(part_kind::tool_call);
        made.id = from["toolUseId"].string();
        made.name = from["name"].string();
        made.object = from["input"] ? from["input"].text() : raw_value{"{}"};
        return {};
    }

    void reasoning(json::value from) {
        part& made = into_.add(part_kind::reasoning);
        if (const json::value hidden = from["redactedContent"]; hidden.is_string()) {
            made.thought = reasoning_kind::encrypted;
            made.format = reasoning_format::anthropic;
            made.data = hidden.string();
            return;
        }
        made.text = from["reasoningText"]["text"].string();
        made.signature = from["reasoningText"]["signature"].string();
        if (!made.signature.empty()) made.format = reasoning_format::anthropic;
    }

    request& into_;
    std::size_t number_;
};

result<> decode_system(json::value system, request& into) {
    if (!system) return {};
    if (!system.is_array()) return refusal("system", "must be an array.");
    if (system.is_empty()) return {};
    into.add_message(role::system);
    for (const json::value one : system.elements()) {
        const content_block block = block_of(one);
        if (block.name == "text" && block.value.is_string()) {
            into.add_text(block.value.string());
        } else if (block.name == "guardContent") {
            into.add_text(guarded_text(block.value).string());
        } else if (block.name == "cachePoint") {
            if (into.messages.back().count > 0) into.parts.back().cache = mark_of(block.value);
        } else {
            return refusal("system", "must hold text, guardContent or cachePoint.");
        }
    }
    return {};
}

}  // namespace

cache_mark mark_of(json::value cache_point) noexcept {
    return cache_point["ttl"].equals("1h") ? cache_mark::one_hour : cache_mark::five_minutes;
}

result<> decode_messages(json::value root, request& into) {
    if (auto read = decode_system(root["system"], into); !read) return read;
    const json::value messages = root["messages"];
    if (!messages.is_array() || messages.is_empty())
        return refusal("messages", "must be an array with at least one message.");
    std::size_t number = 0;
    for (const json::value one : messages.elements()) {
        if (!one.is_object())
            return refusal(fmt::format("messages[{}]", number), "must be an object.");
        if (auto read = turn_reader{into, number}.read(one); !read) return read;
        ++number;
    }
    return {};
}

}  // namespace spillway::adapters::converse
