// A Responses request on its way into the waist.
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/responses/codec.hpp"
#include "adapters/protocols/responses/decode_input.hpp"
#include "adapters/protocols/responses/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::responses {

using namespace canonical;

namespace {

enum class want : std::uint8_t { number, text, object };

struct plain_member {
    std::string_view name;
    want what;
    raw_value request::*raw;  // number, object
    escaped request::*text;
};
constexpr std::array<plain_member, 15> plain_members{{
    {"temperature", want::number, &request::temperature, nullptr},
    {"top_p", want::number, &request::top_p, nullptr},
    {"top_k", want::number, &request::top_k, nullptr},
    {"min_p", want::number, &request::min_p, nullptr},
    {"frequency_penalty", want::number, &request::frequency_penalty, nullptr},
    {"presence_penalty", want::number, &request::presence_penalty, nullptr},
    {"seed", want::number, &request::seed, nullptr},
    {"top_logprobs", want::number, &request::top_logprobs, nullptr},
    {"metadata", want::object, &request::metadata, nullptr},
    {"image_config", want::object, &request::image_config, nullptr},
    {"user", want::text, nullptr, &request::user},
    {"service_tier", want::text, nullptr, &request::service_tier},
    {"prompt_cache_key", want::text, nullptr, &request::prompt_cache_key},
    {"safety_identifier", want::text, nullptr, &request::safety_identifier},
    {"modalities", want::object, &request::modalities, nullptr},
}};

// Read by themselves, or the gateway's own, or without weight for the answer.
constexpr std::array<std::string_view, 26> other_members{
    "model",
    "models",
    "input",
    "instructions",
    "max_output_tokens",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "text",
    "reasoning",
    "include",
    "store",
    "previous_response_id",
    "conversation",
    "background",
    "prompt",
    "stream",
    "stream_options",
    "provider",
    "plugins",
    "route",
    "session_id",
    "trace",
    "debug",
    "prompt_cache_retention",
    "client_metadata"};

constexpr std::string_view keeps_nothing =
    "needs a provider that keeps answers, and the one that serves this model does not: send the "
    "whole conversation as input.";

tristate flag_of(json::value from) noexcept {
    if (from.is_true()) return tristate::yes;
    return from.is_false() ? tristate::no : tristate::unset;
}

class request_decoder {
public:
    explicit request_decoder(request& into) noexcept : into_{into} {}

    result<> run(json::value root) {
        const bool is_good = state(root) && plain(root) && limits(root) && tools(root["tools"]) &&
                             tool_choice(root["tool_choice"]) && format(root["text"]) &&
                             reasoning(root["reasoning"]);
        if (!is_good) return why_;
        if (const auto said = root["instructions"]; said.is_string() && !said.string().empty()) {
            into_.add_message(role::system);
            into_.add_text(said.string());
        }
        return input_decoder{into_}.take(root["input"]);
    }

private:
    bool refuse(std::string_view param, std::string_view message) {
        why_ = refusal(param, message);
        return false;
    }

    // What only a provider that remembers can do.
    bool state(json::value root) {
        for (const std::string_view name : {"previous_response_id", "conversation", "prompt"}) {
            if (root[name]) return refuse(name, keeps_nothing);
        }
        if (root["store"].is_true())
            return refuse(
                "store", "must be false: the provider that serves this model keeps no answers."
            );
        if (root["background"].is_true())
            return refuse("background", "must be false: answers are not kept for later.");
        return true;
    }

    bool plain(json::value root) {
        for (const auto [name, value] : root.members()) {
            if (!value) continue;
            const auto* row = std::ranges::find(plain_members, name, &plain_member::name);
            if (row != plain_members.end()) {
                if (!plain_one(*row, value)) return false;
            } else if (name == "truncation") {
                if (value.equals("auto")) into_.extras.push_back({name, value.text()});
            } else if (std::ranges::find(other_members, name) == other_members.end()) {
                into_.extras.push_back({name, value.text()});
            }
        }
        return true;
    }

    bool plain_one(const plain_member& row, json::value value) {
        switch (row.what) {
        case want::number:
            if (!value.is_number()) return refuse(row.name, "must be a number.");
            break;
        case want::object:
            if (!value.is_object() && !value.is_array())
                return refuse(row.name, "must be an object.");
            break;
        case want::text:
            if (!value.is_string()) return refuse(row.name, "must be a string.");
            into_.*row.text = value.string();
            return true;
        }
        into_.*row.raw = value.text();
        return true;
    }

    bool limits(json::value root) {
        into_.stream = root["stream"].is_true();
        into_.usage_asked = usage_request::asked;
        into_.tool_choice.parallel = flag_of(root["parallel_tool_calls"]);
        into_.store = flag_of(root["store"]);
        if (const auto most = root["max_output_tokens"]; most) {
            into_.max_tokens = most.count();
            if (into_.max_tokens.value_or(0) == 0)
                return refuse("max_output_tokens", "must be a positive integer.");
        }
        for (const auto one : root["include"].elements()) {
            if (one.equals("message.output_text.logprobs")) into_.logprobs = true;
        }
        // Without the question they are not shown.
        if (!into_.logprobs) into_.top_logprobs = {};
        return true;
    }

    bool tools(json::value list) {
        if (!list) return true;
        if (!list.is_array()) return refuse("tools", "must be an array of objects.");
        std::size_t index = 0;
        for (const auto one : list.elements()) {
            const auto type = one["type"];
            canonical::tool& made = into_.tools.emplace_back();
            made.is_free_text = type.equals("custom");
            if (type.equals("function") || made.is_free_text) {
                made.name = one["name"].string();
                made.description = one["description"].string();
                made.strict = flag_of(one["strict"]);
                if (!made.is_free_text) made.parameters = one["parameters"].text();
            } else if (type.is_string()) {
                made.server = one.text();
                made.server_type = type.string();
            }
            if (made.name.empty() && made.server.empty())
                return refuse(fmt::format("tools[{}].name", index), "must be a string.");
            ++index;
        }
        return true;
    }

    bool mode(json::value word) {
        auto& mode = into_.tool_choice.mode;
        if (word.equals("auto")) {
            mode = choice_mode::automatic;
        } else if (word.equals("none")) {
            mode = choice_mode::none;
        } else if (word.equals("required")) {
            mode = choice_mode::required;
        } else {
            return refuse("tool_choice", "must be none, auto, required or name a tool.");
        }
        return true;
    }

    bool tool_choice(json::value value) {
        if (!value) return true;
        if (!value.is_object()) return mode(value);
        const auto type = value["type"];
        if (type.equals("function") || type.equals("custom")) {
            if (!value["name"].is_string()) return refuse("tool_choice.name", "must be a string.");
            into_.tool_choice.mode = choice_mode::named;
            into_.tool_choice.name = value["name"].string();
            return true;
        }
        if (type.equals("allowed_tools")) {
            for (const auto one : value["tools"].elements()) {
                if (one["name"].is_string())
                    into_.tool_choice.allowed.push_back(one["name"].string());
            }
            return mode(value["mode"]);
        }
        into_.extras.push_back({"tool_choice", value.text()});
        return true;
    }

    bool format(json::value text) {
        into_.verbosity = text["verbosity"].string();
        const auto wanted = text["format"];
        if (!wanted) return true;
        const auto type = wanted["type"];
        auto& format = into_.format;
        if (type.equals("text")) {
            format.kind = format_kind::text;
        } else if (type.equals("json_object")) {
            format.kind = format_kind::json_object;
        } else if (type.equals("json_schema")) {
            if (!wanted["schema"].is_object())
                return refuse("text.format.schema", "must be an object.");
            format.kind = format_kind::json_schema;
            format.name = wanted["name"].string();
            format.description = wanted["description"].string();
            format.schema = wanted["schema"].text();
            format.strict = flag_of(wanted["strict"]);
        } else {
            return refuse("text.format.type", "must be text, json_object or json_schema.");
        }
        return true;
    }

    bool reasoning(json::value object) {
        if (!object) return true;
        if (!object.is_object()) return refuse("reasoning", "must be an object.");
        auto& wish = into_.reasoning;
        if (const auto level = object["effort"]; level) {
            wish.effort = effort_named(level.string().raw);
            if (wish.effort == effort::unset)
                return refuse(
                    "reasoning.effort", "must be none, minimal, low, medium, high, xhigh or max."
                );
        }
        if (const auto budget = object["max_tokens"].count(); budget && *budget <= UINT32_MAX)
            wish.budget = static_cast<std::uint32_t>(*budget);
        wish.enabled = flag_of(object["enabled"]);
        const auto summary = object["summary"] ? object["summary"] : object["generate_summary"];
        wish.summary = summary.string();
        return true;
    }

    request& into_;
    problem why_;
};

}  // namespace

result<> decode_request(padded_view body, const request_facts&, canonical::request& into) {
    json::document read;
    if (!read.read(body) || !read.root().is_object())
        return make_problem(error_class::bad_request, "The request body must be one JSON object.");
    const auto decoded = request_decoder{into}.run(read.root());
    if (decoded) append_settings(read.root(), into.settings);
    return decoded;
}

}  // namespace spillway::adapters::responses
