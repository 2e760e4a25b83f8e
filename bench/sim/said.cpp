#include "bench/sim/said.hpp"

#include "bench/sim/schema_filler.hpp"
#include "bench/sim/tokens.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace spillway::bench::sim {
namespace {

namespace json = boost::json;

// What OpenAI charges for a small image in low detail.
constexpr std::size_t image_tokens = 85;

const json::value* at(const json::object& object, const char* name) {
    const auto* found = object.if_contains(name);
    return found != nullptr && !found->is_null() ? found : nullptr;
}

std::string_view text_at(const json::object& object, const char* name) {
    const auto* found = at(object, name);
    return found != nullptr && found->is_string() ? std::string_view{found->get_string()}
                                                  : std::string_view{};
}

struct content_facts {
    std::string text;
    std::size_t images = 0;
};

content_facts read_content(const json::object& message) {
    content_facts facts;
    const auto* content = at(message, "content");
    if (content == nullptr) return facts;
    if (content->is_string()) facts.text = content->get_string();
    if (!content->is_array()) return facts;
    for (const auto& part : content->get_array()) {
        if (!part.is_object()) continue;
        facts.text += text_at(part.get_object(), "text");
        if (text_at(part.get_object(), "type") == "image_url") ++facts.images;
    }
    return facts;
}

const json::object& last_message(const json::object& request) {
    return request.at("messages").get_array().back().get_object();
}

std::string last_user_text(const json::object& request) {
    const auto& messages = request.at("messages").get_array();
    for (auto it = messages.rbegin(); it != messages.rend(); ++it) {
        if (text_at(it->get_object(), "role") != "user") continue;
        auto facts = read_content(it->get_object());
        if (facts.images > 0) facts.text += fmt::format(" [{} image(s) seen]", facts.images);
        return facts.text;
    }
    return "no user message";
}

std::string pad(std::string text, std::size_t least_bytes) {
    constexpr std::string_view filler = " The quick brown fox jumps over the lazy dog.";
    while (text.size() < least_bytes) {
        text += filler.substr(0, std::min(filler.size(), least_bytes - text.size()));
    }
    return text;
}

tool_call call_tool(const json::object& tool, const std::string& id, std::size_t index) {
    const auto& function = tool.at("function").get_object();
    tool_call call;
    call.id = fmt::format("call_{}{}", id.substr(0, 22), index);
    call.name = text_at(function, "name");
    const auto* parameters = at(function, "parameters");
    call.arguments =
        parameters != nullptr ? json::serialize(fill_schema(*parameters)) : std::string{"{}"};
    return call;
}

std::string_view named_tool(const json::object& request) {
    const auto* choice = at(request, "tool_choice");
    if (choice == nullptr || !choice->is_object()) return {};
    const auto* function = at(choice->get_object(), "function");
    return function != nullptr && function->is_object() ? text_at(function->get_object(), "name")
                                                        : std::string_view{};
}

// A model calls tools when it has some, may, and was not just handed a result.
bool wants_tools(const json::object& request) {
    const auto* tools = at(request, "tools");
    if (tools == nullptr || text_at(request, "tool_choice") == "none") return false;
    if (text_at(request, "tool_choice") == "required") return true;
    return !named_tool(request).empty() || text_at(last_message(request), "role") != "tool";
}

said say_with_tools(const json::object& request, const std::string& id) {
    const auto& tools = request.at("tools").get_array();
    const auto wanted = named_tool(request);
    const auto* parallel = at(request, "parallel_tool_calls");
    const bool one_only = parallel != nullptr && parallel->is_bool() && !parallel->get_bool();
    said choice;
    // With one function forced by name OpenAI says "stop" (recorded), else "tool_calls".
    choice.finish_reason = wanted.empty() ? "tool_calls" : "stop";
    for (const auto& tool : tools) {
        auto call = call_tool(tool.get_object(), id, choice.calls.size());
        if (!wanted.empty() && call.name != wanted) continue;
        choice.tokens += count_tokens(call.name) + count_tokens(call.arguments);
        choice.calls.push_back(std::move(call));
        if (one_only || !wanted.empty()) break;
    }
    return choice;
}

std::string say_in_format(const json::object& request, std::string text) {
    const auto* format = at(request, "response_format");
    if (format == nullptr || !format->is_object()) return text;
    const auto type = text_at(format->get_object(), "type");
    if (type == "json_object") return json::serialize(json::object{{"answer", text}});
    const auto* named = at(format->get_object(), "json_schema");
    if (type != "json_schema" || named == nullptr || !named->is_object()) return text;
    const auto* schema = at(named->get_object(), "schema");
    return schema != nullptr ? json::serialize(fill_schema(*schema)) : text;
}

void cut_at_stop(const json::value& stop, std::string& text) {
    if (stop.is_string() && !stop.get_string().empty()) {
        text.resize(std::min(text.size(), text.find(std::string_view{stop.get_string()})));
    }
    if (!stop.is_array()) return;
    for (const auto& one : stop.get_array()) {
        if (one.is_string()) cut_at_stop(one, text);
    }
}

std::size_t token_limit(const json::object& request) {
    for (const char* name : {"max_completion_tokens", "max_tokens"}) {
        const auto* found = at(request, name);
        if (found != nullptr && found->is_number()) return found->to_number<std::size_t>();
    }
    return static_cast<std::size_t>(-1);
}

}  // namespace

void apply_limits(const json::object& request, said& choice) {
    if (const auto* stop = at(request, "stop")) cut_at_stop(*stop, choice.text);
    const auto limit = token_limit(request);
    if (!choice.calls.empty()) {
        if (choice.tokens > limit) choice.finish_reason = "length";
        choice.tokens = std::min(choice.tokens, limit);
        return;
    }
    const auto tokens = split_tokens(choice.text);
    choice.tokens = std::min(tokens.size(), limit);
    if (tokens.size() <= limit) return;
    choice.finish_reason = "length";
    choice.text.resize(static_cast<std::size_t>(tokens[limit].data() - choice.text.data()));
}

std::vector<said>
decide_chat(const json::object& request, const std::string& id, std::size_t least_bytes) {
    std::size_t count = 1;
    if (const auto* n = at(request, "n")) count = n->to_number<std::size_t>();
    std::vector<said> choices;
    for (std::size_t i = 0; i < count; ++i) {
        said choice;
        if (wants_tools(request)) {
            choice = say_with_tools(request, id);
        } else {
            auto text = "Echo: " + last_user_text(request);
            if (i > 0) text += fmt::format(" (choice {})", i + 1);
            choice.text = say_in_format(request, pad(std::move(text), least_bytes));
        }
        apply_limits(request, choice);
        choices.push_back(std::move(choice));
    }
    return choices;
}

std::size_t count_prompt_tokens(const json::object& request) {
    std::size_t tokens = 3;
    for (const auto& message : request.at("messages").get_array()) {
        const auto facts = read_content(message.get_object());
        tokens += 3 + count_tokens(facts.text) + facts.images * image_tokens;
        if (const auto* calls = at(message.get_object(), "tool_calls")) {
            tokens += count_tokens(json::serialize(*calls));
        }
    }
    if (const auto* tools = at(request, "tools")) tokens += count_tokens(json::serialize(*tools));
    return tokens;
}

}  // namespace spillway::bench::sim
