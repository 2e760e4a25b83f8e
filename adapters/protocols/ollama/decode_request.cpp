// A request of an Ollama client on its way into the waist: /api/chat, and /api/generate, which is a chat of one turn
// as long as it does not ask for the raw model.
#include "adapters/canonical/media_type.hpp"
#include "adapters/json/document.hpp"
#include "adapters/protocols/ollama/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spillway::adapters::ollama {

using namespace canonical;

namespace {

problem refusal(std::string_view param, std::string_view message) {
    return make_problem(
        error_class::bad_request, fmt::format("invalid {}: {}", param, message), param
    );
}

// Numbers keep their spelling.
struct option_row {
    std::string_view name;
    raw_value request::*to;
};
constexpr std::array<option_row, 8> options{{
    {"temperature", &request::temperature},
    {"top_p", &request::top_p},
    {"top_k", &request::top_k},
    {"min_p", &request::min_p},
    {"seed", &request::seed},
    {"repeat_penalty", &request::repetition_penalty},
    {"presence_penalty", &request::presence_penalty},
    {"frequency_penalty", &request::frequency_penalty},
}};

// How a server of one's own runs its models: the answer's words do not depend on it.
constexpr std::array<std::string_view, 12> hosting{
    "num_ctx",
    "num_batch",
    "num_gpu",
    "main_gpu",
    "num_thread",
    "num_keep",
    "use_mmap",
    "use_mlock",
    "low_vram",
    "numa",
    "keep_alive",
    "penalize_newline"};

class request_decoder {
public:
    explicit request_decoder(request& into) noexcept : into_{into} {}

    result<> run(json::value root, operation what) {
        if (!root.is_object()) return refusal("body", "one JSON object is needed.");
        const bool is_good = what == operation::completions ? generate(root) : chat(root);
        if (!is_good) return why_;
        for (const auto [name, value] : root.members()) {
            if (value && !member(name, value)) return why_;
        }
        return {};
    }

private:
    bool refuse(std::string_view param, std::string_view message) {
        why_ = refusal(param, message);
        return false;
    }

    // ---- /api/generate

    bool generate(json::value root) {
        if (root["raw"].is_true())
            return refuse(
                "raw", "other providers template their prompts themselves; leave it out."
            );
        if (!root["context"].is_empty())
            return refuse("context", "a server's memory of tokens; send messages to /api/chat.");
        for (const auto* name : {"suffix", "template"}) {
            if (const auto text = root[name]; text.is_string() && !text.string().empty())
                return refuse(name, "there is no such thing in a chat; leave it out.");
        }
        const auto prompt = root["prompt"];
        if (prompt && !prompt.is_string()) return refuse("prompt", "a string is needed.");
        if (const auto words = root["system"]; words.is_string() && !words.string().empty()) {
            into_.add_message(role::system);
            into_.add_text(words.string());
        }
        into_.add_message(role::user);
        into_.add_text(prompt.string());
        return images(root["images"]);
    }

    // ---- /api/chat

    bool chat(json::value root) {
        const auto list = root["messages"];
        if (!list.is_array()) return refuse("messages", "a list of objects is needed.");
        for (const auto one : list.elements()) {
            if (!message(one)) return false;
            ++index_;
        }
        return true;
    }

    bool refuse_message(std::string_view member, std::string_view message) {
        return refuse(fmt::format("messages[{}].{}", index_, member), message);
    }

    bool message(json::value one) {
        const auto who = one["role"];
        const auto content = one["content"];
        if (content && !content.is_string())
            return refuse_message("content", "a string is needed.");
        if (who.equals("tool")) return tool_result(one);
        if (who.equals("system") || who.equals("developer")) {
            into_.add_message(role::system);
        } else if (who.equals("user")) {
            into_.add_message(role::user);
        } else if (who.equals("assistant")) {
            into_.add_message(role::assistant);
        } else {
            return refuse_message("role", "use one of: system, user, assistant, tool.");
        }
        if (const auto thought = one["thinking"]; thought.is_string() && !thought.string().empty())
            into_.add(part_kind::reasoning).text = thought.string();
        if (!content.string().empty()) into_.add_text(content.string());
        return images(one["images"]) && calls(one["tool_calls"]);
    }

    bool images(json::value list) {
        if (list && !list.is_array()) return refuse("images", "a list of base64 texts is needed.");
        for (const auto one : list.elements()) {
            if (!one.is_string()) return refuse("images", "a list of base64 texts is needed.");
            auto& made = into_.add(part_kind::image);
            const auto type = type_of_base64(one.string().raw);
            made.source.kind = source_kind::base64;
            made.source.type = {type.empty() ? std::string_view{"image/jpeg"} : type};
            made.source.data = one.string();
        }
        return true;
    }

    bool calls(json::value list) {
        for (const auto one : list.elements()) {
            const auto function = one["function"];
            if (!function["name"].is_string())
                return refuse_message("tool_calls", "a call needs a function's name.");
            auto& made = into_.add(part_kind::tool_call);
            made.name = function["name"].string();
            made.id = one["id"].string();
            if (made.id.empty()) made.id = {into_.made.keep(fmt::format("call_{}", calls_))};
            ++calls_;
            const auto arguments = function["arguments"];
            if (arguments.is_string()) {
                made.arguments = arguments.string();
            } else {
                made.object = arguments ? arguments.text() : raw_value{"{}"};
            }
            open_.push_back({made.id, made.name});
        }
        return true;
    }

    // By its id, else by its name, else the first call that has no result.
    bool tool_result(json::value one) {
        into_.add_message(role::tool);
        auto& made = into_.add(part_kind::tool_result);
        const auto name = one["tool_name"] ? one["tool_name"] : one["name"];
        const auto id = one["tool_call_id"];
        made.name = name.string();
        auto found = std::ranges::find_if(open_, [&](const open_call& call) {
            if (id.is_string()) return call.id == id.string();
            return !name.is_string() || call.name == name.string();
        });
        if (found == open_.end() && !id.is_string()) found = open_.begin();
        if (found != open_.end()) {
            made.id = found->id;
            if (made.name.empty()) made.name = found->name;
            open_.erase(found);
        } else {
            made.id = id.string();
        }
        if (made.id.empty()) made.id = {into_.made.keep(fmt::format("call_{}", calls_++))};
        into_.add_nested(part_kind::text).text = one["content"].string();
        return true;
    }

    // ---- beside them

    bool member(std::string_view name, json::value value) {
        if (name == "tools") return tools(value);
        if (name == "format") return format(value);
        if (name == "think") return think(value);
        if (name == "options") return all_options(value);
        if (name == "stream") {
            if (!value.is(json::kind::boolean)) return refuse(name, "true or false is needed.");
            return true;
        }
        if (name == "logprobs") {
            into_.logprobs = value.is_true();
            return true;
        }
        if (name == "top_logprobs") {
            if (!value.is_number()) return refuse(name, "a number is needed.");
            into_.top_logprobs = value.text();
            return true;
        }
        constexpr std::array<std::string_view, 12> read{
            "model",
            "messages",
            "prompt",
            "system",
            "images",
            "raw",
            "context",
            "suffix",
            "template",
            "keep_alive",
            "truncate",
            "shift"};
        if (std::ranges::find(read, name) == read.end())
            into_.extras.push_back({name, value.text()});
        return true;
    }

    bool tools(json::value list) {
        if (!list.is_array()) return refuse("tools", "a list is needed.");
        for (const auto one : list.elements()) {
            const auto function = one["function"];
            if (!function["name"].is_string()) return refuse("tools", "a function needs a name.");
            canonical::tool& made = into_.tools.emplace_back();
            made.name = function["name"].string();
            made.description = function["description"].string();
            made.parameters = function["parameters"].text();
        }
        return true;
    }

    bool format(json::value value) {
        auto& wanted = into_.format;
        if (value.equals("json")) {
            wanted.kind = format_kind::json_object;
        } else if (value.is_object()) {
            wanted.kind = format_kind::json_schema;
            wanted.name = {"response"};
            wanted.schema = value.text();
        } else if (!value.equals("")) {
            return refuse("format", "\"json\" or a JSON schema is needed.");
        }
        return true;
    }

    bool think(json::value value) {
        auto& wish = into_.reasoning;
        if (value.is(json::kind::boolean)) {
            wish.enabled = value.is_true() ? tristate::yes : tristate::no;
            return true;
        }
        wish.effort = effort_named(value.string().raw);
        if (wish.effort != effort::unset) return true;
        return refuse("think", "true, false, \"low\", \"medium\" or \"high\" is needed.");
    }

    bool all_options(json::value object) {
        if (!object.is_object()) return refuse("options", "an object is needed.");
        for (const auto [name, value] : object.members()) {
            if (value && !option(name, value)) return false;
        }
        return true;
    }

    bool option(std::string_view name, json::value value) {
        const auto* row = std::ranges::find(options, name, &option_row::name);
        if (row != options.end()) {
            if (!value.is_number())
                return refuse(fmt::format("options.{}", name), "a number is needed.");
            into_.*row->to = value.text();
            return true;
        }
        if (name == "num_predict") {
            // Minus one and two: without a limit, or until the context is full.
            if (const auto count = value.count(); count && *count > 0) into_.max_tokens = *count;
            return value.is_number() || refuse("options.num_predict", "a number is needed.");
        }
        if (name == "stop") return stops(value);
        if (std::ranges::find(hosting, name) == hosting.end())
            into_.extras.push_back({name, value.text()});
        return true;
    }

    bool stops(json::value value) {
        if (value.is_string()) into_.stop.push_back(value.string());
        for (const auto one : value.elements()) {
            if (!one.is_string()) return refuse("options.stop", "a list of strings is needed.");
            into_.stop.push_back(one.string());
        }
        return true;
    }

    struct open_call {
        escaped id;
        escaped name;
    };

    request& into_;
    problem why_;
    std::vector<open_call> open_;  // calls that have no result yet
    std::size_t index_ = 0;
    std::size_t calls_ = 0;
};

}  // namespace

result<> decode_request(padded_view body, const request_facts& facts, canonical::request& into) {
    json::document read;
    if (!read.read(body))
        return make_problem(error_class::bad_request, "The request body is not valid JSON.");
    auto done = request_decoder{into}.run(read.root(), facts.what);
    into.stream = !read.root()["stream"].is_false();  // the protocol's default
    into.usage_asked = usage_request::asked;
    return done;
}

}  // namespace spillway::adapters::ollama
