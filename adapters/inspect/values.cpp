// Values of single members: texts, numbers, lists, and what they say the request needs.
#include "adapters/inspect.hpp"
#include "adapters/inspect/request_inspector.hpp"
#include "adapters/json/text.hpp"

namespace spillway::adapters {

namespace {

constexpr std::size_t max_text_octets = 1024;  // user, preset
constexpr std::size_t max_session_octets = 256;

// Kinds of content parts, met as member names of a part object.
struct part_interest {
    std::uint16_t& needs;

    void name(std::string_view text, std::size_t depth) const noexcept {
        // request 1, messages 2, message 3, content 4, part 5
        if (depth != 5) return;
        if (text == "image_url") add(need::images);
        if (text == "input_audio") add(need::audio);
        if (text == "file") add(need::files);
        if (text == "video_url" || text == "input_video") add(need::video);
    }
    static void text(std::string_view, std::size_t) noexcept {}
    void add(need what) const noexcept { needs |= static_cast<std::uint16_t>(what); }
};

// Tools the gateway would have to run itself are named by their type.
struct tool_interest {
    std::uint16_t& needs;

    static void name(std::string_view, std::size_t) noexcept {}
    void text(std::string_view value, std::size_t depth) const noexcept {
        // request 1, tools 2, tool 3
        if (depth == 3 && value.starts_with("openrouter:")) {
            needs |= static_cast<std::uint16_t>(need::server_tools);
        }
    }
};

}  // namespace

request_inspector::place request_inspector::word(place p, std::string_view& out) noexcept {
    if (*p != '"') return wrong_type("must be a string.");
    json::raw_string raw;
    p = walk_.string(p + 1, raw);
    if (!p) return nullptr;
    if (!raw.escaped) {
        out = raw.text;
        return p;
    }
    auto plain = json::unescaped(raw.text);
    if (!plain) return fail("holds half a surrogate pair.", name_of(now_), "invalid_value");
    facts_.unescaped_.push_front(std::move(*plain));
    out = facts_.unescaped_.front();
    return p;
}

request_inspector::place
request_inspector::text(place p, std::string_view& out, std::size_t limit) noexcept {
    p = word(p, out);
    if (p && out.size() > limit) return fail("is too long.", name_of(now_), "string_too_long");
    return p;
}

request_inspector::place request_inspector::model_name(place p) noexcept {
    if (*p != '"') return wrong_type("must be a string.");
    p = word(p, facts_.model);
    if (p && !is_model_name(facts_.model)) {
        return fail("is not a valid model ID.", "model", "invalid_value");
    }
    return p;
}

request_inspector::place
request_inspector::strings(place p, request_facts::slice& out, std::size_t limit) noexcept {
    if (*p != '[') return wrong_type("must be an array of strings.");
    auto& listed = facts_.listed_;
    out.first = static_cast<std::uint16_t>(listed.size());
    return walk_.elements(p, [&](place at) -> place {
        if (out.count == limit || listed.size() == request_facts::max_listed) {
            return fail("has too many entries.", name_of(now_), "array_above_max_length");
        }
        std::string_view text;
        at = word(at, text);
        if (!at) return nullptr;
        listed.push_back(text);
        ++out.count;
        return at;
    });
}

request_inspector::place request_inspector::model_list(place p) noexcept {
    p = strings(p, facts_.models_, request_facts::max_models);
    if (!p) return nullptr;
    for (auto name : facts_.models()) {
        if (!is_model_name(name)) {
            return fail("holds what is not a valid model ID.", "models", "invalid_value");
        }
    }
    return p;
}

request_inspector::place request_inspector::messages(place p) noexcept {
    constexpr std::string_view expected = "must be a non-empty array of objects.";
    if (*p != '[') return wrong_type(expected);
    const auto from = p;
    bool any = false;
    p = walk_.elements(p, [&](place at) -> place {
        if (*at != '{') return wrong_type(expected);
        any = true;
        return walk_.value(at, 2, part_interest{facts_.needs});
    });
    if (!p) return nullptr;
    if (!any) return fail(expected, "messages", "empty_array");
    facts_.messages = {from, static_cast<std::size_t>(p - from)};
    facts_.prompt_octets += facts_.messages.size();
    return p;
}

request_inspector::place request_inspector::prompt(place p) noexcept {
    if (*p != '"' && *p != '[') return wrong_type("must be a string or an array.");
    auto end = walk_.value(p, 1);
    if (end) facts_.prompt_octets += static_cast<std::size_t>(end - p);
    return end;
}

request_inspector::place request_inspector::flag(place p, bool& out) noexcept {
    out = walk_.is_true(p);
    if (!out && !walk_.is_false(p)) return wrong_type("must be a boolean.");
    return walk_.literal(p);
}

request_inspector::place
request_inspector::positive(place p, std::uint32_t limit, std::uint32_t& out) noexcept {
    auto end = walk_.number(p);
    if (!end) return wrong_type("must be a positive integer.");
    auto value = json::to_integer({p, static_cast<std::size_t>(end - p)});
    if (!value) return wrong_type("must be a positive integer.");
    if (*value == 0) return fail("must be 1 or more.", name_of(now_), "integer_below_min_value");
    if (*value > limit) return fail("is too large.", name_of(now_), "integer_above_max_value");
    out = static_cast<std::uint32_t>(*value);
    return end;
}

request_inspector::place request_inspector::tokens(place p) noexcept {
    std::uint32_t count = 0;
    p = positive(p, std::numeric_limits<std::int32_t>::max(), count);
    if (p && (!facts_.max_tokens || count < *facts_.max_tokens)) facts_.max_tokens = count;
    return p;
}

request_inspector::place request_inspector::stop(place p) noexcept {
    if (*p == '"') return walk_.any(p, 1);
    if (*p != '[') return wrong_type("must be a string or an array of strings.");
    return walk_.elements(p, [&](place at) -> place {
        if (*at != '"') return wrong_type("must be a string or an array of strings.");
        return walk_.any(at, 2);
    });
}

request_inspector::place request_inspector::short_text(place p) noexcept {
    std::string_view ignored;
    switch (now_) {
    case member::user: return text(p, facts_.user, max_text_octets);
    case member::preset: return text(p, facts_.preset, max_text_octets);
    case member::session_id: return text(p, facts_.session_id, max_session_octets);
    case member::reasoning_effort:
        p = text(p, ignored, max_text_octets);
        if (p && ignored != "none") facts_.add(need::reasoning);
        return p;
    default: return text(p, ignored, max_text_octets);
    }
}

request_inspector::place request_inspector::list_of_objects(place p) noexcept {
    constexpr std::string_view expected = "must be an array of objects.";
    if (*p != '[') return wrong_type(expected);
    const auto from = p;
    bool any = false;
    p = walk_.elements(p, [&](place at) -> place {
        if (*at != '{') return wrong_type(expected);
        any = true;
        return walk_.value(at, 2, tool_interest{facts_.needs});
    });
    if (!p || !any) return p;
    facts_.add(need::tools);
    facts_.prompt_octets += static_cast<std::size_t>(p - from);
    return p;
}

request_inspector::place request_inspector::stream_options(place p) noexcept {
    return each_member(p, [this](std::string_view name, place value) {
        if (name != "include_usage" || walk_.is_null(value)) return walk_.any(value, 2);
        bool asked = false;
        auto end = flag(value, asked);
        if (asked) facts_.usage_asked = usage_request::asked;
        return end;
    });
}

request_inspector::place request_inspector::response_format(place p) noexcept {
    return each_member(p, [this](std::string_view name, place value) {
        if (name != "type") return walk_.any(value, 2);
        std::string_view type;
        auto end = word(value, type);
        if (type == "json_object") facts_.add(need::json_object);
        if (type == "json_schema") facts_.add(need::json_schema);
        return end;
    });
}

request_inspector::place request_inspector::modalities(place p) noexcept {
    request_facts::slice listed;
    p = strings(p, listed, 8);
    for (auto kind : facts_.list(listed)) {
        if (kind == "audio") facts_.add(need::audio_output);
        if (kind == "image") facts_.add(need::image_output);
    }
    return p;
}

}  // namespace spillway::adapters
