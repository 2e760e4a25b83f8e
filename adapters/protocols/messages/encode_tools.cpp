#include "adapters/protocols/messages/encode_tools.hpp"

#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/messages/schema.hpp"
#include "adapters/protocols/messages/tool_names.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

// Types of tools that Anthropic runs, or knows the schema of: a date stands behind the name.
constexpr std::array<std::string_view, 11> typed_tools{
    "web_search_2",
    "web_fetch_2",
    "code_execution_2",
    "bash_2",
    "text_editor_2",
    "memory_2",
    "computer_2",
    "advisor_2",
    "tool_search_tool_",
    "mcp_toolset",
    "computer_use_2",
};

bool is_typed(escaped type) noexcept {
    return std::ranges::any_of(typed_tools, [&](std::string_view head) {
        return type.raw.starts_with(head);
    });
}

constexpr std::string_view free_text_schema =
    R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"]})";

}  // namespace

tools_encoder::tools_encoder(
    const request& from, const encode_context& to, const model_rules& rules, hosting where
)
    : from_{from}
    , to_{to}
    , rules_{rules}
    , where_{where}
    , answers_by_tool_{
          from.format.kind == format_kind::json_schema && !from.format.schema.empty() &&
          (rules.structured == feature::absent || where != hosting::first_party)} {
    wraps_answer_ = answers_by_tool_ && !describes_object(from.format.schema);
}

result<> tools_encoder::check() const {
    for (const tool& one : from_.tools) {
        if (one.name.raw == messages::answer_tool || one.name.raw == wrapped_answer_tool)
            return refusal("tools", "a name beginning with spillway_structured_ is reserved.");
    }
    return {};
}

std::size_t tools_encoder::marks() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(from_.tools, [this](const tool& one) {
        return one.cache != cache_mark::none && one.server.empty() && is_chosen(one);
    }));
}

bool tools_encoder::is_chosen(const tool& one) const {
    const auto& allowed = from_.tool_choice.allowed;
    return allowed.empty() || !one.server.empty() ||
           std::ranges::find(allowed, one.name) != allowed.end();
}

void tools_encoder::write(json::writer& out, cache_marks& marks, const thinking_plan& thinking) {
    const auto has_calls = [this] {
        return std::ranges::any_of(from_.parts, [](const part& one) {
            return one.kind == part_kind::tool_call;
        });
    };
    if (from_.tools.empty() && from_.web_search.empty() && !answers_by_tool_ && !has_calls())
        return;
    out.name("tools").raw("[");
    tools(out, marks);
    web_search(out);
    has_own_ = written_ > 0;
    if (!has_own_) of_history(out);
    answer_tool(out);
    out.raw("]");
    choice(out, thinking);
}

void tools_encoder::separate(json::writer& out) {
    if (written_++ > 0) out.raw(",");
}

void tools_encoder::put(json::writer& out, raw_value whole) {
    separate(out);
    out.raw(whole.raw);
}

void tools_encoder::tools(json::writer& out, cache_marks& marks) {
    for (const tool& one : from_.tools) {
        if (!is_chosen(one)) continue;
        if (!one.server.empty()) {
            server_tool(out, one);
        } else {
            function(out, marks, one);
        }
    }
}

void tools_encoder::server_tool(json::writer& out, const tool& one) {
    const bool is_carried =
        is_typed(one.server_type) &&
        (where_ == hosting::first_party ||
         (where_ == hosting::vertex && one.server_type.raw == "web_search_20250305"));
    if (is_carried) {
        put(out, one.server);
    } else {
        to_.dropped.add(member::tools);
    }
}

void tools_encoder::function(json::writer& out, cache_marks& marks, const tool& one) {
    separate(out);
    out.open().member("name", allowed_name(one.name, from_.made));
    if (!one.description.empty()) out.member("description", one.description);
    out.member(
        "input_schema",
        one.is_free_text ? raw_value{free_text_schema} : tool_schema(one.parameters, from_.made)
    );
    if (one.strict == tristate::yes && rules_.structured == feature::present &&
        where_ == hosting::first_party) {
        out.name("strict").raw("true");
    }
    marks.put_in_front(out, one.cache);
    out.close();
}

// A history with calls is refused without tools: those it names, which then may not be chosen.
void tools_encoder::of_history(json::writer& out) {
    std::vector<escaped> seen;
    for (const part& one : from_.parts) {
        if (one.kind != part_kind::tool_call) continue;
        if (std::ranges::find(seen, one.name) != seen.end()) continue;
        seen.push_back(one.name);
        separate(out);
        out.open().member("name", allowed_name(one.name, from_.made));
        out.member("input_schema", tool_schema({}, from_.made)).close();
    }
}

void tools_encoder::web_search(json::writer& out) {
    if (from_.web_search.empty()) return;
    if (where_ == hosting::bedrock) return to_.dropped.add(member::web_search_options);
    const padded_text text{from_.web_search.raw};
    json::document read;
    if (!read.read(text.view())) return;
    const auto options = read.root();
    if (options["type"].string().raw.starts_with("web_search_2")) return put(out, from_.web_search);
    separate(out);
    out.open().member("type", "web_search_20250305").member("name", "web_search");
    for (const std::string_view name : {"max_uses", "allowed_domains", "blocked_domains"}) {
        if (const auto value = options[name]) out.member(name, value.text());
    }
    const auto where = options["user_location"];
    if (const auto near = where["approximate"] ? where["approximate"] : where; near.is_object()) {
        out.name("user_location").open().member("type", "approximate");
        for (const std::string_view name : {"city", "region", "country", "timezone"}) {
            if (const auto value = near[name]; value.is_string()) out.member(name, value.string());
        }
        out.close();
    }
    out.close();
}

void tools_encoder::answer_tool(json::writer& out) {
    if (!answers_by_tool_) return;
    separate(out);
    out.open().member("name", wraps_answer_ ? wrapped_answer_tool : messages::answer_tool);
    out.member("description", "Gives the answer to the user. Call it once, with the whole answer.");
    if (wraps_answer_) {
        out.name("input_schema").raw(R"({"type":"object","properties":{"value":)");
        out.raw(from_.format.schema.raw).raw(R"(},"required":["value"]})");
    } else {
        out.member("input_schema", tool_schema(from_.format.schema, from_.made));
    }
    out.close();
}

std::string_view tools_encoder::choice_word(const thinking_plan& thinking) const {
    const bool may_force =
        rules_.forced_tools == feature::present && thinking.form != thinking_form::budget;
    const auto mode = from_.tool_choice.mode;
    if (answers_by_tool_) {
        if (!may_force) return "auto";
        if (mode == choice_mode::named && has_own_) return "tool";
        return has_own_ && mode != choice_mode::none ? "any" : "tool";
    }
    if (!has_own_) return "none";
    switch (mode) {
    case choice_mode::unset: return {};
    case choice_mode::automatic: return "auto";
    case choice_mode::none: return "none";
    case choice_mode::required:
    case choice_mode::named: break;
    }
    if (!may_force) {
        to_.dropped.add(member::tool_choice);
        return "auto";
    }
    return mode == choice_mode::required ? "any" : "tool";
}

void tools_encoder::choice(json::writer& out, const thinking_plan& thinking) {
    auto word = choice_word(thinking);
    const bool one_at_a_time = answers_by_tool_ || from_.tool_choice.parallel == tristate::no;
    if (word.empty() && one_at_a_time) word = "auto";
    if (word.empty() || written_ == 0) return;
    out.name("tool_choice").open().member("type", word);
    if (word == "tool") {
        const bool is_theirs = from_.tool_choice.mode == choice_mode::named && has_own_;
        if (is_theirs) {
            out.member("name", allowed_name(from_.tool_choice.name, from_.made));
        } else {
            out.member("name", wraps_answer_ ? wrapped_answer_tool : messages::answer_tool);
        }
    }
    if (one_at_a_time && word != "none") out.name("disable_parallel_tool_use").raw("true");
    out.close();
}

}  // namespace spillway::adapters::messages
