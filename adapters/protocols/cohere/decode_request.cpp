// A client's request in Cohere's dialect on its way into the waist.
#include "adapters/canonical/media.hpp"
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/cohere/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::cohere {

using namespace canonical;

namespace {

struct number_row {
    std::string_view name;
    raw_value request::*to;
};
constexpr std::array<number_row, 6> numbers{{
    {"temperature", &request::temperature},
    {"p", &request::top_p},
    {"k", &request::top_k},
    {"frequency_penalty", &request::frequency_penalty},
    {"presence_penalty", &request::presence_penalty},
    {"seed", &request::seed},
}};

// Read by the gateway or by functions of their own.
constexpr std::array<std::string_view, 16> read_elsewhere{
    "model",
    "messages",
    "documents",
    "strict_tools",
    "priority",
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
    "raw_prompting",
};

class request_decoder {
public:
    explicit request_decoder(request& into) noexcept : into_{into} {}

    result<> run(json::value root) {
        if (!root.is_object())
            return make_problem(
                error_class::bad_request, "The request body must be one JSON object."
            );
        into_.usage_asked = usage_request::asked;  // Cohere's answers always say it
        for (const auto [name, value] : root.members()) {
            if (value && !member(name, value)) return why_;
        }
        if (root["strict_tools"].is_true()) {
            for (tool& one : into_.tools)
                one.strict = tristate::yes;
        }
        const auto list = root["messages"];
        if (!list.is_array() || list.is_empty())
            return refusal("messages", "must be a non-empty array of objects.");
        documents(root["documents"]);
        for (const auto one : list.elements()) {
            if (!message(one)) return why_;
            ++index_;
        }
        return {};
    }

private:
    bool refuse(std::string_view param, std::string_view message) {
        why_ = refusal(param, message);
        return false;
    }
    bool refuse_message(std::string_view member, std::string_view message) {
        return refuse(fmt::format("messages[{}].{}", index_, member), message);
    }

    bool member(std::string_view name, json::value value) {
        if (std::ranges::find(read_elsewhere, name) != read_elsewhere.end()) return true;
        if (const auto* row = std::ranges::find(numbers, name, &number_row::name);
            row != numbers.end()) {
            if (!value.is_number()) return refuse(name, "must be a number.");
            into_.*row->to = value.text();
            return true;
        }
        if (name == "stream" || name == "logprobs") {
            if (!value.is(json::kind::boolean)) return refuse(name, "must be a boolean.");
            (name == "stream" ? into_.stream : into_.logprobs) = value.is_true();
            return true;
        }
        if (name == "max_tokens") {
            into_.max_tokens = value.count();
            return into_.max_tokens || refuse(name, "must be a whole number.");
        }
        if (name == "stop_sequences") return stop(value);
        if (name == "tools") return tools(value);
        if (name == "tool_choice") return tool_choice(value);
        if (name == "response_format") return format(value);
        if (name == "thinking") return thinking(value);
        into_.extras.push_back({name, value.text()});
        return true;
    }

    bool stop(json::value value) {
        constexpr std::string_view expected = "must be an array of strings.";
        if (!value.is_array()) return refuse("stop_sequences", expected);
        for (const auto one : value.elements()) {
            if (!one.is_string()) return refuse("stop_sequences", expected);
            into_.stop.push_back(one.string());
        }
        return true;
    }

    bool tools(json::value list) {
        if (!list.is_array()) return refuse("tools", "must be an array of objects.");
        for (const auto one : list.elements()) {
            const auto function = one["function"];
            if (!function["name"].is_string())
                return refuse("tools", "holds a tool without function.name.");
            tool& made = into_.tools.emplace_back();
            made.name = function["name"].string();
            made.description = function["description"].string();
            made.parameters = function["parameters"].text();
        }
        return true;
    }

    bool tool_choice(json::value value) {
        if (value.equals("REQUIRED")) {
            into_.tool_choice.mode = choice_mode::required;
        } else if (value.equals("NONE")) {
            into_.tool_choice.mode = choice_mode::none;
        } else {
            return refuse("tool_choice", "must be REQUIRED or NONE.");
        }
        return true;
    }

    bool format(json::value value) {
        const auto type = value["type"];
        if (type.equals("text")) return true;
        if (!type.equals("json_object"))
            return refuse("response_format.type", "must be text or json_object.");
        const auto schema = value["json_schema"] ? value["json_schema"] : value["schema"];
        into_.format.kind = schema ? format_kind::json_schema : format_kind::json_object;
        into_.format.name = {"response"};
        into_.format.schema = schema.text();
        return true;
    }

    bool thinking(json::value value) {
        const auto type = value["type"];
        if (!type.equals("enabled") && !type.equals("disabled"))
            return refuse("thinking.type", "must be enabled or disabled.");
        into_.reasoning.enabled = type.equals("enabled") ? tristate::yes : tristate::no;
        if (const auto budget = value["token_budget"].count())
            into_.reasoning.budget =
                static_cast<std::uint32_t>(std::min<std::uint64_t>(*budget, UINT32_MAX));
        return true;
    }

    // Elsewhere what is to be cited is what the model is told first.
    void documents(json::value list) {
        if (list.is_empty()) return;
        into_.add_message(role::system);
        for (const auto one : list.elements())
            into_.add_text(document(one));
    }

    // A text, or an object of texts as it stands.
    escaped document(json::value one) {
        if (one.is_string()) return one.string();
        const auto data = one["data"] ? one["data"] : one;
        return data.is_string() ? data.string() : into_.made.quoted(data.raw());
    }

    bool message(json::value one) {
        const auto who = one["role"];
        if (who.equals("system")) return spoken(one, role::system);
        if (who.equals("user")) return spoken(one, role::user);
        if (who.equals("assistant")) return assistant(one);
        if (who.equals("tool")) return tool_message(one);
        return refuse_message("role", "must be system, user, assistant or tool.");
    }

    bool spoken(json::value one, role as) {
        into_.add_message(as);
        return contents(one["content"], as);
    }

    bool contents(json::value content, role as) {
        if (content.is_string()) {
            if (!content.string().empty()) into_.add_text(content.string());
            return true;
        }
        if (!content.is_array())
            return refuse_message("content", "must be a string or an array of objects.");
        for (const auto one : content.elements()) {
            const auto type = one["type"];
            if (type.equals("text") && one["text"].is_string()) {
                into_.add_text(one["text"].string());
            } else if (type.equals("thinking") && as == role::assistant) {
                into_.add(part_kind::reasoning).text = one["thinking"].string();
            } else if (type.equals("image_url") && as == role::user) {
                if (!image(one["image_url"])) return false;
            } else {
                return refuse_message("content", "holds a part of an unknown type.");
            }
        }
        return true;
    }

    bool image(json::value from) {
        const auto url = from.is_string() ? from : from["url"];
        part& made = into_.add(part_kind::image);
        made.source.detail = from["detail"].string();
        if (url.is_string() && read_url(url.string(), made.source, into_.made)) return true;
        return refuse_message(
            "content.image_url.url", "must be an address, or a data: URL in base64."
        );
    }

    bool assistant(json::value one) {
        into_.add_message(role::assistant);
        if (const auto plan = one["tool_plan"].string(); !plan.empty()) into_.add_text(plan);
        if (one["content"] && !contents(one["content"], role::assistant)) return false;
        for (const auto call : one["tool_calls"].elements()) {
            const auto function = call["function"];
            if (!call["id"].is_string() || !function["name"].is_string())
                return refuse_message("tool_calls", "holds a call without id or function.name.");
            part& made = into_.add(part_kind::tool_call);
            made.id = call["id"].string();
            made.name = function["name"].string();
            made.arguments = function["arguments"].string();
        }
        return true;
    }

    bool tool_message(json::value one) {
        if (!one["tool_call_id"].is_string())
            return refuse_message("tool_call_id", "must be a string.");
        into_.add_message(role::tool);
        into_.add(part_kind::tool_result).id = one["tool_call_id"].string();
        const auto content = one["content"];
        if (content.is_string()) {
            into_.add_nested(part_kind::text).text = content.string();
            return true;
        }
        for (const auto each : content.elements()) {
            const auto text =
                each["text"].is_string() ? each["text"].string() : document(each["document"]);
            into_.add_nested(part_kind::text).text = text;
        }
        return true;
    }

    request& into_;
    std::size_t index_ = 0;  // of the message
    problem why_;
};

}  // namespace

result<> decode_request(padded_view body, const request_facts&, request& into) {
    json::document read;
    if (!read.read(body))
        return make_problem(error_class::bad_request, "The request body is no valid JSON.");
    return request_decoder{into}.run(read.root());
}

}  // namespace spillway::adapters::cohere
