// A Converse request on its way into the waist. The path has said the model and whether a stream is wanted.
#include "adapters/canonical/refusal.hpp"
#include "adapters/json/document.hpp"
#include "adapters/json/text.hpp"
#include "adapters/protocols/converse/codec.hpp"
#include "adapters/protocols/converse/decode_messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::converse {

using namespace canonical;

namespace {

result<> read_number(json::value from, std::string_view name, raw_value& into) {
    if (!from) return {};
    if (!from.is_number())
        return refusal(fmt::format("inferenceConfig.{}", name), "must be a number.");
    into = from.text();
    return {};
}

result<> inference(json::value from, request& into) {
    if (!from) return {};
    if (!from.is_object()) return refusal("inferenceConfig", "must be an object.");
    if (const json::value most = from["maxTokens"]) {
        into.max_tokens = most.count();
        if (!into.max_tokens || *into.max_tokens == 0)
            return refusal("inferenceConfig.maxTokens", "must be a whole number above 0.");
    }
    if (auto read = read_number(from["temperature"], "temperature", into.temperature); !read)
        return read;
    if (auto read = read_number(from["topP"], "topP", into.top_p); !read) return read;
    const json::value stops = from["stopSequences"];
    if (stops && !stops.is_array())
        return refusal("inferenceConfig.stopSequences", "must be an array of strings.");
    for (const json::value one : stops.elements()) {
        if (!one.is_string())
            return refusal("inferenceConfig.stopSequences", "must be an array of strings.");
        into.stop.push_back(one.string());
    }
    return {};
}

result<> tool_of(json::value from, request& into) {
    if (const json::value mark = from["cachePoint"]) {
        if (!into.tools.empty()) into.tools.back().cache = mark_of(mark);
        return {};
    }
    if (const json::value own = from["systemTool"]) {
        tool& made = into.tools.emplace_back();
        made.server = from.text();
        made.server_type = own["name"].string();
        return {};
    }
    const json::value spec = from["toolSpec"];
    if (!spec["name"].is_string())
        return refusal("toolConfig.tools", "each must hold a toolSpec with a name.");
    tool& made = into.tools.emplace_back();
    made.name = spec["name"].string();
    made.description = spec["description"].string();
    made.parameters = spec["inputSchema"]["json"].text();
    if (spec["strict"].is_true()) made.strict = tristate::yes;
    if (spec["strict"].is_false()) made.strict = tristate::no;
    return {};
}

result<> tools(json::value from, request& into) {
    if (!from) return {};
    if (!from["tools"].is_array()) return refusal("toolConfig.tools", "must be an array.");
    for (const json::value one : from["tools"].elements()) {
        if (auto read = tool_of(one, into); !read) return read;
    }
    const json::value choice = from["toolChoice"];
    if (!choice) return {};
    if (choice["auto"]) {
        into.tool_choice.mode = choice_mode::automatic;
    } else if (choice["any"]) {
        into.tool_choice.mode = choice_mode::required;
    } else if (choice["tool"]["name"].is_string()) {
        into.tool_choice.mode = choice_mode::named;
        into.tool_choice.name = choice["tool"]["name"].string();
    } else {
        return refusal("toolConfig.toolChoice", "must hold auto, any or tool.");
    }
    return {};
}

// Anthropic's {type, budget_tokens}.
void thinking(json::value from, request& into) {
    reasoning_wish& wish = into.reasoning;
    if (from["type"].equals("disabled")) wish.enabled = tristate::no;
    if (from["type"].equals("enabled")) wish.enabled = tristate::yes;
    if (from["type"].equals("adaptive")) wish.is_adaptive = true;
    if (const auto budget = from["budget_tokens"].count())
        wish.budget = static_cast<std::uint32_t>(std::min<std::uint64_t>(*budget, UINT32_MAX));
    if (from["display"].equals("omitted")) wish.exclude = tristate::yes;
}

void effort_word(json::value from, request& into) {
    if (from.is_string()) into.reasoning.effort = effort_named(from.string().raw);
}

// Nova's {type, maxReasoningEffort}.
void nova_reasoning(json::value from, request& into) {
    if (from["type"].equals("disabled")) into.reasoning.enabled = tristate::no;
    if (from["type"].equals("enabled")) into.reasoning.enabled = tristate::yes;
    effort_word(from["maxReasoningEffort"], into);
}

// Fields of the model behind: those the waist has a place for.
void additional(json::value from, request& into) {
    for (const auto [name, value] : from.members()) {
        if (name == "top_k" || name == "k") {
            into.top_k = value.text();
        } else if (name == "inferenceConfig") {
            into.top_k = value["topK"].text();
        } else if (name == "thinking") {
            thinking(value, into);
        } else if (name == "output_config") {
            effort_word(value["effort"], into);
        } else if (name == "reasoning_effort") {
            effort_word(value, into);
        } else if (name == "reasoningConfig") {
            nova_reasoning(value, into);
        } else if (name == "tool_choice") {
            if (value["disable_parallel_tool_use"].is_true())
                into.tool_choice.parallel = tristate::no;
        } else if (name == "frequency_penalty") {
            into.frequency_penalty = value.text();
        } else if (name == "presence_penalty") {
            into.presence_penalty = value.text();
        } else if (name == "seed") {
            into.seed = value.text();
        } else {
            into.extras.push_back({name, value.text()});
        }
    }
}

// The schema is JSON inside a string.
result<> output(json::value from, request& into) {
    effort_word(from["effort"], into);
    const json::value format = from["textFormat"];
    if (!format) return {};
    const json::value schema = format["structure"]["jsonSchema"];
    if (!format["type"].equals("json_schema") || !schema["schema"].is_string()) {
        return refusal(
            "outputConfig.textFormat",
            "must be of type json_schema and hold its schema as a string."
        );
    }
    const std::string_view text = into.made.plain(schema["schema"].string());
    const padded_text padded{text};
    json::document read;
    if (!read.read(padded.view()) || !read.root().is_object()) {
        return refusal(
            "outputConfig.textFormat.structure.jsonSchema.schema", "must be a JSON object as text."
        );
    }
    into.format.kind = format_kind::json_schema;
    into.format.schema = {text};
    into.format.name = schema["name"].string();
    into.format.description = schema["description"].string();
    return {};
}

// Members that only Bedrock knows. additionalModelResponseFieldPaths asks for what the answer's encoder gives anyway.
constexpr std::array<std::string_view, 8> known{
    "messages",
    "system",
    "inferenceConfig",
    "toolConfig",
    "outputConfig",
    "serviceTier",
    "requestMetadata",
    "additionalModelRequestFields",
};

void extras(json::value root, request& into) {
    for (const auto [name, value] : root.members()) {
        const bool is_quiet = name == "additionalModelResponseFieldPaths" || name == "modelId";
        if (value && !is_quiet && std::ranges::find(known, name) == known.end())
            into.extras.push_back({name, value.text()});
    }
}

}  // namespace

result<> decode_request(padded_view body, const request_facts& facts, request& into) {
    json::document read;
    if (!read.read(body) || !read.root().is_object())
        return make_problem(error_class::bad_request, "The body must be a JSON object.");
    const json::value root = read.root();
    into.stream = facts.stream;
    into.usage_asked = usage_request::asked;
    if (auto done = decode_messages(root, into); !done) return done;
    if (auto done = inference(root["inferenceConfig"], into); !done) return done;
    if (auto done = tools(root["toolConfig"], into); !done) return done;
    if (auto done = output(root["outputConfig"], into); !done) return done;
    const json::value more = root["additionalModelRequestFields"];
    if (more && !more.is_object())
        return refusal("additionalModelRequestFields", "must be an object.");
    additional(more, into);
    into.service_tier = root["serviceTier"]["type"].string();
    into.metadata = root["requestMetadata"].text();
    extras(root, into);
    return {};
}

}  // namespace spillway::adapters::converse
