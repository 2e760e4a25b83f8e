#include "adapters/protocols/chat/chunk.hpp"

#include "adapters/json/name_table.hpp"
#include "adapters/json/walker.hpp"

namespace spillway::adapters::chat {

namespace {

enum class top : std::uint8_t {
    id,
    object,
    created,
    model,
    provider,
    choices,
    usage,
    error,
    x_groq,
    detail,
    errors,
    base_resp,
};
constexpr std::array<std::string_view, 12> top_names{
    "id",
    "object",
    "created",
    "model",
    "provider",
    "choices",
    "usage",
    "error",
    "x_groq",
    "detail",
    "errors",
    "base_resp",
};
constexpr json::name_table<12> top_table{top_names};

enum class inner : std::uint8_t {
    finish_reason,
    native_finish_reason,
    usage,
    error,
    delta,
    message,
    role,
    content,
    tool_calls,
    reasoning,
    reasoning_content,
};
constexpr std::array<std::string_view, 11> inner_names{
    "finish_reason",
    "native_finish_reason",
    "usage",
    "error",
    "delta",
    "message",
    "role",
    "content",
    "tool_calls",
    "reasoning",
    "reasoning_content",
};
constexpr json::name_table<11> inner_table{inner_names};

class chunk_walk {
public:
    chunk_walk(chunk& out, padded_view text) noexcept : out_{out}, walk_{text} {}

    bool run() {
        auto p = walk_.skip_space(walk_.begin());
        if (!walk_.is(p, '{')) return false;
        out_.open = at(p) + 1;
        p = walk_.members(p, [this](json::raw_string name, const char* value) {
            return top_member(name, value);
        });
        if (!p) return false;
        out_.close = at(p) - 1;
        return walk_.at_end(walk_.skip_space(p)) && walk_.utf8_is_valid();
    }

private:
    [[nodiscard]] std::uint32_t at(const char* p) const noexcept {
        return static_cast<std::uint32_t>(p - walk_.begin());
    }
    [[nodiscard]] const char* take(const char* p, span& where) noexcept {
        auto end = walk_.any(p, 1);
        if (end) where = {at(p), at(end)};
        return end;
    }

    const char* top_member(json::raw_string name, const char* p) {
        out_.is_empty = false;
        switch (static_cast<top>(top_table.find(name.text))) {
        case top::id: return take(p, out_.id);
        case top::object: return take(p, out_.object);
        case top::created: return take(p, out_.created);
        case top::model: return take(p, out_.model);
        case top::provider: return take(p, out_.provider);
        case top::error: return take(p, out_.error);
        case top::usage: return usage(name.text.data() - 1, p);
        case top::choices:
            if (*p != '[') break;
            out_.has_choices = true;
            return walk_.elements(p, [this](const char* value) { return choice(value); });
        case top::x_groq:
            if (*p != '{') break;
            return walk_.members(p, [this](json::raw_string key, const char* value) {
                if (key.text != "usage" || *value != '{') return walk_.any(value, 2);
                return take(value, out_.hidden_usage);
            });
        case top::detail:
        case top::errors:
            if (!walk_.is_null(p)) out_.has_error_form = true;
            break;
        case top::base_resp: return base_resp(p);
        }
        return walk_.any(p, 1);
    }

    const char* usage(const char* name, const char* p) {
        const bool is_object = *p == '{';
        if (out_.usage_member) out_.counts = {};
        auto end = is_object ? read_usage(walk_, p, out_.counts) : walk_.any(p, 1);
        if (!end) return nullptr;
        out_.usage_member = {at(name), at(end)};
        out_.usage = is_object ? span{at(p), at(end)} : span{};
        return end;
    }

    // MiniMax: {"status_code":0,…} is success.
    const char* base_resp(const char* p) {
        if (*p != '{') return walk_.any(p, 1);
        return walk_.members(p, [this](json::raw_string key, const char* value) {
            if (key.text == "status_code" && *value != '0') out_.has_error_form = true;
            return walk_.any(value, 2);
        });
    }

    const char* choice(const char* p) {
        if (*p != '{') return walk_.any(p, 2);
        auto& one = out_.choices.add();
        p = walk_.members(p, [this, &one](json::raw_string name, const char* value) {
            switch (static_cast<inner>(inner_table.find(name.text))) {
            case inner::finish_reason: return take(value, one.finish);
            case inner::native_finish_reason: return take(value, one.native);
            case inner::error: return take(value, one.error);
            case inner::usage: {
                auto end = take(value, one.usage);
                if (*value != '{') one.usage = {};
                return end;
            }
            case inner::delta:
            case inner::message: return body(value, one, name.text.front());
            default: return walk_.any(value, 3);
            }
        });
        if (p) one.close = at(p) - 1;
        return p;
    }

    // Perplexity sends message and delta; the delta is the one that counts.
    const char* body(const char* p, choice_spans& one, char first_letter) {
        if (*p != '{' || (one.has_delta && first_letter == 'm')) return walk_.any(p, 3);
        const auto from = p;
        one.has_delta = first_letter == 'd';
        one.role = one.content = one.foreign_thought = {};
        one.body_is_empty = true;
        bool has_thought = false;
        p = walk_.members(p, [this, &one, &has_thought](json::raw_string name, const char* value) {
            one.body_is_empty = false;
            switch (static_cast<inner>(inner_table.find(name.text))) {
            case inner::role: return take(value, one.role);
            case inner::content: return take(value, one.content);
            case inner::tool_calls:
                one.has_calls = !walk_.is_null(value);
                return walk_.any(value, 4);
            case inner::reasoning: has_thought = true; return walk_.any(value, 4);
            case inner::reasoning_content: {
                const auto begin = at(name.text.data());
                one.foreign_thought = {begin, begin + static_cast<std::uint32_t>(name.text.size())};
                return walk_.any(value, 4);
            }
            default: return walk_.any(value, 4);
            }
        });
        if (has_thought) one.foreign_thought = {};
        if (p) one.body = {at(from), at(p)};
        return p;
    }

    chunk& out_;
    json::walker walk_;
};

}  // namespace

bool chunk::read(padded_view text) {
    return chunk_walk{*this, text}.run();
}

bool chunk::is_error(std::string_view text) const noexcept {
    if (error) {
        auto value = part(text, error);
        if (value != "null" && value != "false" && value != "\"\"" && value != "{}") return true;
    }
    if (has_choices) return false;
    return has_error_form || word_of(text, object) == "error";
}

std::string_view word_of(std::string_view text, span where) noexcept {
    auto value = part(text, where);
    if (value.size() < 2 || value.front() != '"') return {};
    return value.substr(1, value.size() - 2);
}

std::string_view normalised_finish(std::string_view native) noexcept {
    struct pair {
        std::string_view native;
        std::string_view normal;
    };
    static constexpr std::array<pair, 21> pairs{{
        {"eos", "stop"},
        {"end_turn", "stop"},
        {"stop_sequence", "stop"},
        {"STOP", "stop"},
        {"completed", "stop"},
        {"max_tokens", "length"},
        {"MAX_TOKENS", "length"},
        {"model_length", "length"},
        {"max_output_tokens", "length"},
        {"model_context_window_exceeded", "length"},
        {"tool_call", "tool_calls"},
        {"tool_use", "tool_calls"},
        {"function_call", "tool_calls"},
        {"sensitive", "content_filter"},
        {"SAFETY", "content_filter"},
        {"RECITATION", "content_filter"},
        {"PROHIBITED_CONTENT", "content_filter"},
        {"refusal", "content_filter"},
        {"abort", "error"},
        {"network_error", "error"},
        {"insufficient_system_resource", "error"},
    }};
    if (native == "stop" || native == "length" || native == "tool_calls") return native;
    for (const auto& one : pairs) {
        if (one.native == native) return one.normal;
    }
    return native;
}

}  // namespace spillway::adapters::chat
