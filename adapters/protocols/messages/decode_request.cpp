// A client's request in Anthropic's Messages dialect, OpenRouter's members included, on its way into the waist.
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/messages/codec.hpp"
#include "adapters/protocols/messages/decode_messages.hpp"
#include "adapters/protocols/messages/decode_tools.hpp"

#include <algorithm>
#include <array>

namespace spillway::adapters::messages {

using namespace canonical;

namespace {

// Read by the gateway, by functions of their own, or of no bearing on an answer from elsewhere.
constexpr std::array<std::string_view, 22> read_elsewhere{
    "model",
    "models",
    "provider",
    "plugins",
    "route",
    "session_id",
    "trace",
    "preset",
    "transforms",
    "debug",
    "usage",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "anthropic_version",
    "anthropic_beta",
    "betas",
    "context_management",
    "diagnostics",
    "inference_geo",
    "fallback_credit_token",
};

struct number_member {
    std::string_view name;
    raw_value request::*to;
};
constexpr std::array<number_member, 3> numbers{{
    {"temperature", &request::temperature},
    {"top_p", &request::top_p},
    {"top_k", &request::top_k},
}};

class request_decoder {
public:
    explicit request_decoder(request& into) noexcept : into_{into} {}

    result<> run(json::value root) {
        if (!root.is_object())
            return make_problem(
                error_class::bad_request, "The request body must be one JSON object."
            );
        into_.usage_asked = usage_request::asked;  // Anthropic's answers always say it
        for (const auto [name, value] : root.members()) {
            if (value && !member(name, value)) return why_;
        }
        if (auto read = decode_tools(root["tools"], into_); !read) return read;
        if (auto read = decode_tool_choice(root["tool_choice"], into_); !read) return read;
        message_decoder messages{into_};
        if (auto read = messages.system(root["system"]); !read) return read;
        return messages.take(root["messages"]);
    }

private:
    bool refuse(std::string_view param, std::string_view message) {
        why_ = refusal(param, message);
        return false;
    }

    bool member(std::string_view name, json::value value) {
        if (std::ranges::find(read_elsewhere, name) != read_elsewhere.end()) return true;
        if (const auto* row = std::ranges::find(numbers, name, &number_member::name);
            row != numbers.end()) {
            if (!value.is_number()) return refuse(name, "must be a number.");
            into_.*row->to = value.text();
            return true;
        }
        if (name == "stream") {
            if (!value.is(json::kind::boolean)) return refuse(name, "must be a boolean.");
            into_.stream = value.is_true();
            return true;
        }
        if (name == "max_tokens") return max_tokens(value);
        if (name == "stop_sequences") return stop(value);
        if (name == "thinking") return thinking(value);
        if (name == "output_config") return output_config(value);
        if (name == "output_format") return format(value, "output_format");
        return wishes(name, value);
    }

    bool wishes(std::string_view name, json::value value) {
        if (name == "metadata") {
            if (value["user_id"].is_string()) into_.user = value["user_id"].string();
        } else if (name == "user") {
            if (into_.user.empty()) into_.user = value.string();
        } else if (name == "service_tier") {
            into_.service_tier =
                value.equals("standard_only") ? escaped{"default"} : value.string();
        } else if (name == "speed") {
            if (value.equals("fast")) into_.service_tier = {"priority"};
        } else if (name == "cache_control") {
            into_.cache =
                value["ttl"].equals("1h") ? cache_mark::one_hour : cache_mark::five_minutes;
        } else {
            into_.extras.push_back({name, value.text()});
        }
        return true;
    }

    // 0 asks to fill a cache; elsewhere the least is one token.
    bool max_tokens(json::value value) {
        const auto count = value.count();
        if (!count) return refuse("max_tokens", "must be a whole number.");
        into_.max_tokens = std::max<std::uint64_t>(*count, 1);
        return true;
    }

    bool stop(json::value value) {
        if (!value.is_array()) return refuse("stop_sequences", "must be an array of strings.");
        for (const auto one : value.elements()) {
            if (!one.is_string()) return refuse("stop_sequences", "must be an array of strings.");
            into_.stop.push_back(one.string());
        }
        return true;
    }

    bool thinking(json::value value) {
        const auto type = value["type"];
        auto& wish = into_.reasoning;
        if (value["display"].equals("omitted")) wish.exclude = tristate::yes;
        if (type.equals("disabled")) {
            wish.enabled = tristate::no;
        } else if (type.equals("adaptive")) {
            wish.enabled = tristate::yes;
            wish.is_adaptive = true;
        } else if (type.equals("enabled")) {
            const auto budget = value["budget_tokens"].count();
            if (!budget) return refuse("thinking.budget_tokens", "must be a whole number.");
            wish.enabled = tristate::yes;
            wish.budget = static_cast<std::uint32_t>(std::min<std::uint64_t>(*budget, UINT32_MAX));
        } else {
            return refuse("thinking.type", "must be enabled, adaptive or disabled.");
        }
        return true;
    }

    bool output_config(json::value value) {
        if (const auto word = value["effort"]; word) {
            into_.reasoning.effort = effort_named(word.string().raw);
            if (into_.reasoning.effort == effort::unset)
                return refuse("output_config.effort", "must be low, medium, high, xhigh or max.");
        }
        return !value["format"] || format(value["format"], "output_config.format");
    }

    bool format(json::value value, std::string_view param) {
        if (!value["type"].equals("json_schema") || !value["schema"].is_object())
            return refuse(param, "must have the type json_schema and a schema.");
        into_.format.kind = format_kind::json_schema;
        into_.format.name = {"response"};
        into_.format.schema = value["schema"].text();
        into_.format.strict = tristate::yes;
        return true;
    }

    request& into_;
    problem why_;
};

}  // namespace

result<> decode_request(padded_view body, const request_facts&, request& into) {
    json::document read;
    if (!read.read(body))
        return make_problem(error_class::bad_request, "The request body is no valid JSON.");
    return request_decoder{into}.run(read.root());
}

}  // namespace spillway::adapters::messages
