// A generateContent (or countTokens) request of a Gemini client on its way into the waist.
#include "adapters/protocols/gemini/codec.hpp"
#include "adapters/protocols/gemini/decode_contents.hpp"
#include "adapters/protocols/gemini/schema.hpp"
#include "adapters/protocols/gemini/spellings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::gemini {

using namespace canonical;

namespace {

problem refusal(std::string_view param, std::string_view message) {
    return make_problem(
        error_class::bad_request, fmt::format("Invalid value at '{}': {}", param, message), param
    );
}

// Numbers keep their spelling.
struct number_row {
    std::string_view name;
    raw_value request::*to;
};
constexpr std::array<number_row, 7> numbers{{
    {"temperature", &request::temperature},
    {"topP", &request::top_p},
    {"topK", &request::top_k},
    {"seed", &request::seed},
    {"presencePenalty", &request::presence_penalty},
    {"frequencyPenalty", &request::frequency_penalty},
    {"logprobs", &request::top_logprobs},
}};

// Members of a tool that stand for something the provider runs.
constexpr std::array<std::string_view, 3> searches{
    "googleSearch", "googleSearchRetrieval", "enterpriseWebSearch"};

class request_decoder {
public:
    explicit request_decoder(request& into) noexcept : into_{into} {}

    result<> run(json::value root) {
        if (!root.is_object()) return refusal("contents", "the body must be one JSON object.");
        contents_decoder contents{into_};
        if (const auto said = member_of(root, "systemInstruction"); said) {
            if (auto read = contents.instructions(said); !read) return read;
        }
        if (auto read = contents.contents(root["contents"]); !read) return read;
        for (const auto [name, value] : root.members()) {
            if (value && !member(name, camel_case(name), value)) return why_;
        }
        for (canonical::tool& one : into_.tools) {
            if (is_validated_ && one.server.empty()) one.strict = tristate::yes;
        }
        return {};
    }

private:
    bool refuse(std::string_view param, std::string_view message) {
        why_ = refusal(param, message);
        return false;
    }

    bool member(std::string_view spelled, std::string_view name, json::value value) {
        if (name == "contents" || name == "systemInstruction" || name == "model") return true;
        if (name == "generationConfig" || name == "config") {
            if (!value.is_object()) return refuse(name, "an object is needed.");
            for (const auto [label, inside] : value.members()) {
                if (inside && !setting(label, camel_case(label), inside)) return false;
            }
            return true;
        }
        if (name == "tools") return tools(value);
        if (name == "toolConfig") return tool_config(value);
        if (name == "safetySettings") {
            if (!value.is_array()) return refuse(name, "a list is needed.");
            into_.safety_settings = value.text();
            return true;
        }
        if (name == "serviceTier") {
            into_.service_tier = value.string();
            return true;
        }
        if (name == "labels") {
            into_.metadata = value.text();
            return true;
        }
        // Some clients leave the object around the settings away.
        return setting(spelled, name, value);
    }

    // ---- generationConfig

    bool setting(std::string_view spelled, std::string_view name, json::value value) {
        const auto* row = std::ranges::find(numbers, name, &number_row::name);
        if (row != numbers.end()) {
            if (!value.is_number()) return refuse(name, "a number is needed.");
            into_.*row->to = value.text();
            return true;
        }
        if (name == "maxOutputTokens") return max_tokens(value);
        if (name == "candidateCount") return candidates(value);
        if (name == "stopSequences") return stops(value);
        if (name == "thinkingConfig") return thinking(value);
        if (name == "responseLogprobs") {
            into_.logprobs = value.is_true();
            return true;
        }
        if (name == "responseModalities") return modalities(value);
        if (name == "speechConfig") return speech(value);
        if (name == "imageConfig") return image_config(value);
        if (name.starts_with("response")) return format(spelled, name, value);
        into_.extras.push_back({spelled, value.text()});
        return true;
    }

    bool max_tokens(json::value value) {
        const auto count = value.count();
        if (!count || *count == 0) return refuse("maxOutputTokens", "must be a positive integer.");
        into_.max_tokens = *count;
        return true;
    }

    bool candidates(json::value value) {
        const auto count = value.count();
        if (!count || *count == 0 || *count > 8)
            return refuse("candidateCount", "must be an integer from 1 to 8.");
        into_.n = static_cast<std::uint32_t>(*count);
        return true;
    }

    bool stops(json::value value) {
        if (!value.is_array()) return refuse("stopSequences", "a list of strings is needed.");
        for (const auto one : value.elements()) {
            if (!one.is_string()) return refuse("stopSequences", "a list of strings is needed.");
            into_.stop.push_back(one.string());
        }
        return true;
    }

    bool thinking(json::value value) {
        auto& wish = into_.reasoning;
        const auto shows = member_of(value, "includeThoughts");
        wish.exclude = shows.is_true() ? tristate::no : tristate::yes;
        if (const auto level = member_of(value, "thinkingLevel"); level.is_string()) {
            std::string word{level.string().raw};
            for (char& c : word)
                c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            wish.effort = effort_named(word);
        }
        const auto budget = member_of(value, "thinkingBudget");
        if (!budget) return true;
        if (budget.raw() == "-1") {
            wish.enabled = tristate::yes;
            wish.is_adaptive = true;
            return true;
        }
        const auto count = budget.count();
        if (!count || *count > UINT32_MAX)
            return refuse("thinkingConfig.thinkingBudget", "must be -1 or a number of tokens.");
        if (*count == 0) {
            wish.effort = effort::none;
        } else {
            wish.budget = static_cast<std::uint32_t>(*count);
        }
        return true;
    }

    bool modalities(json::value value) {
        if (!value.is_array()) return refuse("responseModalities", "a list is needed.");
        std::string small{value.raw()};
        for (char& c : small)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        if (small != "[\"text\"]") into_.modalities = {into_.made.keep(std::move(small))};
        return true;
    }

    bool speech(json::value value) {
        const auto chosen = member_of(value, "voiceConfig");
        const auto voice = member_of(member_of(chosen, "prebuiltVoiceConfig"), "voiceName");
        if (voice.is_string()) {
            into_.audio = {
                into_.made.keep(fmt::format(R"({{"voice":{},"format":"wav"}})", voice.raw()))};
        }
        return true;
    }

    bool image_config(json::value value) {
        std::string made;
        for (const auto [name, inside] : value.members()) {
            made.append(made.empty() ? "{\"" : ",\"").append(snake_case(name)).append("\":");
            made.append(inside.raw());
        }
        if (!made.empty()) into_.image_config = {into_.made.keep(made.append("}"))};
        return true;
    }

    bool format(std::string_view spelled, std::string_view name, json::value value) {
        auto& format = into_.format;
        if (name == "responseMimeType") {
            const bool is_unset = format.kind == format_kind::unset;
            if (value.equals("application/json") && is_unset)
                format.kind = format_kind::json_object;
            if (value.equals("text/x.enum")) into_.extras.push_back({spelled, value.text()});
            return true;
        }
        if (name == "responseSchema" || name == "responseJsonSchema") {
            if (!value.is_object()) return refuse(name, "an object is needed.");
            format.kind = format_kind::json_schema;
            format.name = {"response"};
            format.schema = name == "responseSchema" ? json_schema(value) : value.text();
            return true;
        }
        into_.extras.push_back({spelled, value.text()});
        return true;
    }

    raw_value json_schema(json::value value) {
        std::string made;
        write_json_schema(value, made);
        return {into_.made.keep(std::move(made))};
    }

    // ---- tools

    bool tools(json::value value) {
        if (value.is_object()) return tool(value);
        if (!value.is_array()) return refuse("tools", "a list is needed.");
        for (const auto one : value.elements()) {
            if (!tool(one)) return false;
        }
        return true;
    }

    bool tool(json::value one) {
        if (!one.is_object()) return refuse("tools", "a tool is an object.");
        for (const auto [name, value] : one.members()) {
            if (!value) continue;
            const auto label = camel_case(name);
            if (label == "functionDeclarations") {
                if (!functions(value)) return false;
            } else if (std::ranges::find(searches, label) != searches.end()) {
                into_.web_search = value.text();
            } else {
                canonical::tool& made = into_.tools.emplace_back();
                made.server = one.text();
                made.server_type = {into_.made.keep(label)};
            }
        }
        return true;
    }

    bool functions(json::value list) {
        if (!list.is_array()) return refuse("tools.functionDeclarations", "a list is needed.");
        for (const auto one : list.elements()) {
            if (!one["name"].is_string())
                return refuse("tools.functionDeclarations", "a function needs a name.");
            canonical::tool& made = into_.tools.emplace_back();
            made.name = one["name"].string();
            made.description = one["description"].string();
            const auto plain = member_of(one, "parametersJsonSchema");
            if (plain.is_object()) {
                made.parameters = plain.text();
            } else if (const auto own = one["parameters"]; own.is_object()) {
                made.parameters = json_schema(own);
            }
        }
        return true;
    }

    bool tool_config(json::value value) {
        const auto calling = member_of(value, "functionCallingConfig");
        auto& choice = into_.tool_choice;
        for (const auto one : member_of(calling, "allowedFunctionNames").elements())
            choice.allowed.push_back(one.string());
        const auto mode = calling["mode"];
        if (!mode || mode.equals("MODE_UNSPECIFIED")) return true;
        if (mode.equals("AUTO") || mode.equals("auto")) {
            choice.mode = choice_mode::automatic;
            choice.allowed.clear();  // Google's rule: names count with ANY and VALIDATED only
        } else if (mode.equals("NONE") || mode.equals("none")) {
            choice.mode = choice_mode::none;
            choice.allowed.clear();
        } else if (mode.equals("ANY") || mode.equals("any")) {
            choice.mode = choice_mode::required;
            if (choice.allowed.size() == 1) {
                choice.mode = choice_mode::named;
                choice.name = choice.allowed.front();
                choice.allowed.clear();
            }
        } else if (mode.equals("VALIDATED") || mode.equals("validated")) {
            choice.mode = choice_mode::automatic;
            is_validated_ = true;
        } else {
            return refuse(
                "toolConfig.functionCallingConfig.mode", "use AUTO, ANY, NONE or VALIDATED."
            );
        }
        return true;
    }

    request& into_;
    problem why_;
    bool is_validated_ = false;  // the calls are to follow their schemas
};

}  // namespace

result<> decode_request(padded_view body, const request_facts& facts, canonical::request& into) {
    json::document read;
    if (!read.read(body))
        return make_problem(error_class::bad_request, "The request body is not valid JSON.");
    auto root = read.root();
    if (const auto inner = member_of(root, "generateContentRequest");
        facts.what == operation::count_tokens && inner.is_object()) {
        root = inner;
    }
    auto done = request_decoder{into}.run(root);
    into.stream = facts.stream;  // the path says so
    into.usage_asked = usage_request::asked;
    return done;
}

}  // namespace spillway::adapters::gemini
