// A Chat Completions request, OpenRouter's members included, on its way into the waist.
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/name_table.hpp"
#include "adapters/protocols/chat/codec.hpp"
#include "adapters/protocols/chat/decode_messages.hpp"
#include "adapters/protocols/chat/decode_prompt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace spillway::adapters::chat {

using namespace canonical;

namespace {

constexpr json::name_table<member_count> names{member_names};

template <class Field>
struct plain_member {
    member which;
    Field request::*to;
};
// Numbers keep their spelling.
constexpr std::array<plain_member<raw_value>, 9> numbers{{
    {member::temperature, &request::temperature},
    {member::top_p, &request::top_p},
    {member::top_k, &request::top_k},
    {member::min_p, &request::min_p},
    {member::top_a, &request::top_a},
    {member::frequency_penalty, &request::frequency_penalty},
    {member::presence_penalty, &request::presence_penalty},
    {member::repetition_penalty, &request::repetition_penalty},
    {member::seed, &request::seed},
}};
constexpr std::array<plain_member<escaped>, 5> texts{{
    {member::user, &request::user},
    {member::service_tier, &request::service_tier},
    {member::verbosity, &request::verbosity},
    {member::prompt_cache_key, &request::prompt_cache_key},
    {member::safety_identifier, &request::safety_identifier},
}};
constexpr std::array<plain_member<raw_value>, 5> objects{{
    {member::logit_bias, &request::logit_bias},
    {member::metadata, &request::metadata},
    {member::audio, &request::audio},
    {member::image_config, &request::image_config},
    {member::web_search_options, &request::web_search},
}};

template <class Rows>
auto row_of(const Rows& rows, member which) noexcept {
    const auto* row = std::ranges::find(rows, which, &Rows::value_type::which);
    return row == rows.end() ? nullptr : row;
}

tristate flag_of(json::value from) noexcept {
    if (from.is_true()) return tristate::yes;
    return from.is_false() ? tristate::no : tristate::unset;
}

class request_decoder {
public:
    request_decoder(operation what, request& into) noexcept
        : is_completion_{what == operation::completions}
        , into_{into} {}

    result<> run(json::value root) {
        if (!root.is_object())
            return make_problem(
                error_class::bad_request, "The request body must be one JSON object."
            );
        for (const auto [name, value] : root.members()) {
            if (is_completion_ && is_completion_member(name)) continue;
            const auto number = names.find(name);
            const bool is_good = number == names.none
                                     ? unlisted(name, value)
                                     : member(static_cast<adapters::member>(number), value);
            if (!is_good) return std::move(*why_);
        }
        if (!reasoning(root)) return std::move(*why_);
        if (is_completion_) return decode_prompt(root, into_);
        message_decoder messages{into_};
        return messages.take(root["messages"]);
    }

private:
    using member_name = adapters::member;

    bool refuse(std::string_view param, std::string_view message) {
        why_ = std::make_unique<problem>(refusal(param, message));
        return false;
    }

    bool member(member_name which, json::value value) {
        if (!value) return true;  // null says nothing
        if (const auto* row = row_of(numbers, which)) {
            if (!value.is_number()) return refuse(name_of(which), "must be a number.");
            into_.*row->to = value.text();
            return true;
        }
        if (const auto* row = row_of(texts, which)) {
            if (!value.is_string()) return refuse(name_of(which), "must be a string.");
            into_.*row->to = value.string();
            return true;
        }
        if (const auto* row = row_of(objects, which)) {
            if (!value.is_object()) return refuse(name_of(which), "must be an object.");
            into_.*row->to = value.text();
            return true;
        }
        return limits(which, value);
    }

    bool limits(member_name which, json::value value) {
        switch (which) {
        case member_name::stream: return flag(which, value, into_.stream);
        case member_name::stream_options:
            if (value["include_usage"].is_true()) into_.usage_asked = usage_request::asked;
            return true;
        case member_name::max_tokens:
        case member_name::max_completion_tokens: return max_tokens(which, value);
        case member_name::n: return choices(value);
        case member_name::stop: return stop(value);
        case member_name::logprobs: return flag(which, value, into_.logprobs);
        case member_name::top_logprobs:
            if (!value.count()) return refuse("top_logprobs", "must be a whole number.");
            into_.top_logprobs = value.text();
            return true;
        case member_name::store: into_.store = flag_of(value); return true;
        case member_name::cache_control: into_.cache = whole_mark(value); return true;
        case member_name::modalities:
            if (!value.is_array()) return refuse("modalities", "must be an array.");
            into_.modalities = value.text();
            return true;
        case member_name::speed:
            if (value.equals("fast") && into_.service_tier.empty())
                into_.service_tier = {"priority"};
            return true;
        default: return tooling(which, value);
        }
    }

    bool tooling(member_name which, json::value value) {
        switch (which) {
        case member_name::tools: return tools(value);
        case member_name::functions: return functions(value);
        case member_name::tool_choice: return tool_choice(value);
        case member_name::parallel_tool_calls:
            into_.tool_choice.parallel = flag_of(value);
            return true;
        case member_name::response_format: return response_format(value);
        case member_name::plugins: return plugins(value);
        case member_name::x_search_filter:
            into_.extras.push_back({name_of(which), value.text()});
            return true;
        // Messages and reasoning are read by themselves; the rest is the gateway's own.
        default: return true;
        }
    }

    bool unlisted(std::string_view name, json::value value) {
        if (!value) return true;
        if (name == "function_call") return function_choice(value);
        if (name == "prediction") {
            into_.prediction = value.text();
        } else if (name != "prompt_cache_options" && name != "prompt_cache_retention") {
            into_.extras.push_back({name, value.text()});
        }
        return true;
    }

    bool flag(member_name which, json::value value, bool& out) {
        if (!value.is(json::kind::boolean)) return refuse(name_of(which), "must be a boolean.");
        out = value.is_true();
        return true;
    }

    // Both spellings at once: the smaller one holds.
    bool max_tokens(member_name which, json::value value) {
        const auto count = value.count();
        if (!count || *count == 0) return refuse(name_of(which), "must be a positive integer.");
        into_.max_tokens = std::min(into_.max_tokens.value_or(*count), *count);
        return true;
    }

    bool choices(json::value value) {
        const auto count = value.count();
        if (!count || *count == 0 || *count > 128)
            return refuse("n", "must be an integer from 1 to 128.");
        into_.n = static_cast<std::uint32_t>(*count);
        return true;
    }

    bool stop(json::value value) {
        if (value.is_string()) {
            into_.stop.push_back(value.string());
            return true;
        }
        constexpr std::string_view expected = "must be a string or an array of strings.";
        if (!value.is_array()) return refuse("stop", expected);
        for (const auto one : value.elements()) {
            if (!one.is_string()) return refuse("stop", expected);
            into_.stop.push_back(one.string());
        }
        return true;
    }

    static cache_mark whole_mark(json::value control) noexcept {
        if (!control.is_object()) return cache_mark::none;
        return control["ttl"].equals("1h") ? cache_mark::one_hour : cache_mark::five_minutes;
    }

    bool tools(json::value list) {
        if (!list.is_array()) return refuse("tools", "must be an array of objects.");
        std::size_t index = 0;
        for (const auto one : list.elements()) {
            const auto type = one["type"];
            const auto custom = one["custom"];
            canonical::tool& made = into_.tools.emplace_back();
            made.cache = mark_of(one);
            if (type.equals("custom") && custom.is_object()) {
                made.is_free_text = true;
                describe(custom, made);
            } else if (const auto function = one["function"]; function.is_object()) {
                describe(function, made);
            } else if (type.is_string() && !type.equals("function")) {
                made.server = one.text();
                made.server_type = type.string();
            }
            if (made.name.empty() && made.server.empty())
                return refuse(fmt::format("tools[{}].function.name", index), "must be a string.");
            ++index;
        }
        return true;
    }

    static void describe(json::value from, canonical::tool& made) {
        made.name = from["name"].string();
        made.description = from["description"].string();
        if (!made.is_free_text) made.parameters = from["parameters"].text();
        made.strict = flag_of(from["strict"]);
    }

    // The old form of tools.
    bool functions(json::value list) {
        if (!list.is_array()) return refuse("functions", "must be an array of objects.");
        for (const auto one : list.elements()) {
            if (!one["name"].is_string())
                return refuse("functions", "holds a function without a name.");
            describe(one, into_.tools.emplace_back());
        }
        return true;
    }

    bool function_choice(json::value value) {
        if (!value.is_object()) return tool_choice(value);
        return named(value["name"]);
    }

    bool named(json::value name) {
        if (!name.is_string()) return refuse("tool_choice", "names no function.");
        into_.tool_choice.mode = choice_mode::named;
        into_.tool_choice.name = name.string();
        return true;
    }

    bool mode(json::value word) {
        auto& mode = into_.tool_choice.mode;
        if (word.equals("auto")) {
            mode = choice_mode::automatic;
        } else if (word.equals("none")) {
            mode = choice_mode::none;
        } else if (word.equals("required") || word.equals("any")) {
            mode = choice_mode::required;
        } else {
            return refuse("tool_choice", "must be none, auto, required or name a function.");
        }
        return true;
    }

    bool tool_choice(json::value value) {
        if (!value.is_object()) return mode(value);
        const auto type = value["type"];
        if (type.equals("function")) return named(value["function"]["name"]);
        if (type.equals("custom")) return named(value["custom"]["name"]);
        if (type.equals("allowed_tools")) {
            const auto allowed = value["allowed_tools"];
            for (const auto one : allowed["tools"].elements()) {
                const auto& name =
                    one[one["type"].equals("custom") ? "custom" : "function"]["name"];
                if (!name.is_string())
                    return refuse("tool_choice", "allows a tool without a name.");
                into_.tool_choice.allowed.push_back(name.string());
            }
            return mode(allowed["mode"]);
        }
        // A tool the provider runs is chosen by its type; there is no such word beyond the protocol.
        into_.extras.push_back({"tool_choice", value.text()});
        return true;
    }

    bool response_format(json::value value) {
        const auto type = value["type"];
        auto& format = into_.format;
        if (type.equals("text")) {
            format.kind = format_kind::text;
        } else if (type.equals("json_object")) {
            format.kind = format_kind::json_object;
        } else if (type.equals("json_schema")) {
            const auto schema = value["json_schema"];
            if (!schema["schema"].is_object() && !schema["name"].is_string())
                return refuse("response_format.json_schema", "must hold a name and a schema.");
            format.kind = format_kind::json_schema;
            format.name = schema["name"].string();
            format.description = schema["description"].string();
            format.schema = schema["schema"].text();
            format.strict = flag_of(schema["strict"]);
        } else if (type.is_string()) {
            into_.extras.push_back({"response_format", value.text()});
        } else {
            return refuse("response_format.type", "must be text, json_object or json_schema.");
        }
        return true;
    }

    // The plugin that searches is one of the model's features here; the others are the gateway's.
    bool plugins(json::value list) {
        if (!list.is_array()) return refuse("plugins", "must be an array.");
        for (const auto one : list.elements()) {
            if (one["id"].equals("web") && !one["enabled"].is_false() && into_.web_search.empty())
                into_.web_search = one.text();
        }
        return true;
    }

    bool reasoning(json::value root) {
        auto& wish = into_.reasoning;
        const auto object = root["reasoning"];
        const auto short_form = root["reasoning_effort"];
        if (object && !object.is_object()) return refuse("reasoning", "must be an object.");
        if (short_form && !effort("reasoning_effort", short_form)) return false;
        if (const auto level = object["effort"]; level) {
            const auto said = wish.effort;
            if (!effort("reasoning.effort", level)) return false;
            if (short_form && said != wish.effort)
                return refuse("reasoning_effort", "contradicts reasoning.effort.");
        }
        if (const auto budget = object["max_tokens"]; budget) {
            const auto count = budget.count();
            if (!count || *count > UINT32_MAX)
                return refuse("reasoning.max_tokens", "must be a whole number.");
            wish.budget = static_cast<std::uint32_t>(*count);
        }
        wish.enabled = flag_of(object["enabled"]);
        wish.exclude = flag_of(object["exclude"]);
        wish.summary = object["summary"].string();
        if (root["include_reasoning"].is_false() && wish.exclude == tristate::unset)
            wish.exclude = tristate::yes;
        return true;
    }

    bool effort(std::string_view param, json::value word) {
        into_.reasoning.effort = effort_named(word.string().raw);
        if (into_.reasoning.effort != effort::unset) return true;
        return refuse(param, "must be none, minimal, low, medium, high, xhigh or max.");
    }

    const bool is_completion_;
    request& into_;
    std::unique_ptr<problem> why_;  // rare, and large
};

}  // namespace

result<> decode_request(padded_view body, const request_facts& facts, canonical::request& into) {
    json::document read;
    if (!read.read(body))
        return make_problem(error_class::bad_request, "The request body is not valid JSON.");
    auto done = request_decoder{facts.what, into}.run(read.root());
    if (facts.usage_asked == usage_request::asked) into.usage_asked = usage_request::asked;
    return done;
}

}  // namespace spillway::adapters::chat
