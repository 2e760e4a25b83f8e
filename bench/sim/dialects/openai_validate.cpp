#include "bench/sim/dialects/openai_validate.hpp"

#include "bench/sim/dialects/json_view.hpp"

#include <fmt/format.h>

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace spillway::bench::sim {
namespace {

using verdict = std::optional<api_error>;

api_error refuse(std::string message, std::string param, std::string code) {
    api_error error;
    error.message = std::move(message);
    error.param = std::move(param);
    error.code = std::move(code);
    return error;
}

api_error missing(const std::string& param) {
    return refuse(
        fmt::format("Missing required parameter: '{}'.", param), param, "missing_required_parameter"
    );
}

api_error wrong_type(const std::string& param, std::string_view wanted) {
    return refuse(
        fmt::format("Invalid type for '{}': expected {}.", param, wanted), param, "invalid_type"
    );
}

struct number_rule {
    const char* name;
    double least;
    double most;
};

constexpr std::array number_rules{
    number_rule{"temperature", 0, 2},
    number_rule{"top_p", 0, 1},
    number_rule{"presence_penalty", -2, 2},
    number_rule{"frequency_penalty", -2, 2},
    number_rule{"n", 1, 128},
    number_rule{"top_logprobs", 0, 20},
    number_rule{"max_tokens", 1, 1e9},
    number_rule{"max_completion_tokens", 1, 1e9},
};

verdict check_numbers(const json::object& request) {
    for (const auto& rule : number_rules) {
        const auto* found = request.if_contains(rule.name);
        if (found == nullptr || found->is_null()) continue;
        if (!found->is_number()) return wrong_type(rule.name, "a number");
        const auto value = found->to_number<double>();
        if (value < rule.least) {
            return refuse(
                fmt::format("Invalid '{}': expected a value >= {}.", rule.name, rule.least),
                rule.name,
                found->is_double() ? "decimal_below_min_value" : "integer_below_min_value"
            );
        }
        if (value > rule.most) {
            return refuse(
                fmt::format("Invalid '{}': expected a value <= {}.", rule.name, rule.most),
                rule.name,
                found->is_double() ? "decimal_above_max_value" : "integer_above_max_value"
            );
        }
    }
    return {};
}

verdict check_model(const json::object& request) {
    const auto* model = request.if_contains("model");
    if (model == nullptr) {
        return refuse("you must provide a model parameter", "", "");
    }
    if (!model->is_string()) return wrong_type("model", "a string");
    if (const auto* stream = request.if_contains("stream");
        stream != nullptr && !stream->is_bool() && !stream->is_null()) {
        return wrong_type("stream", "a boolean");
    }
    const auto* options = request.if_contains("stream_options");
    if (options != nullptr && options->is_object()) {
        const auto* stream = request.if_contains("stream");
        if (stream == nullptr || !stream->is_bool() || !stream->get_bool()) {
            return refuse(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                "stream_options",
                ""
            );
        }
    }
    return check_numbers(request);
}

verdict check_parts(const json::array& parts, const std::string& where) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto at = fmt::format("{}.content[{}]", where, i);
        if (!parts[i].is_object()) return wrong_type(at, "an object");
        const auto type = text_at(parts[i].get_object(), "type");
        static const std::set<std::string_view> known{
            "text", "image_url", "input_audio", "file", "refusal"};
        if (!known.contains(type)) {
            return refuse(
                fmt::format(
                    "Invalid value: '{}'. Supported values are: 'text', 'image_url', ...", type
                ),
                at + ".type",
                "invalid_value"
            );
        }
    }
    return {};
}

// Ids of tool calls that a tool message may answer.
using open_calls = std::set<std::string, std::less<>>;

void note_calls(const json::object& message, open_calls& calls) {
    const auto* list = message.if_contains("tool_calls");
    if (list == nullptr || !list->is_array()) return;
    for (const auto& call : list->get_array()) {
        if (call.is_object()) calls.emplace(text_at(call.get_object(), "id"));
    }
}

verdict check_message(const json::value& value, std::size_t index, open_calls& calls) {
    const auto where = fmt::format("messages[{}]", index);
    if (!value.is_object()) return wrong_type(where, "an object");
    const auto& message = value.get_object();
    if (!message.contains("role")) return missing(where + ".role");
    const auto role = text_at(message, "role");
    static const std::set<std::string_view> roles{
        "system", "developer", "user", "assistant", "tool", "function"};
    if (!roles.contains(role)) {
        return refuse(
            fmt::format(
                "Invalid value: '{}'. Supported values are: 'system', 'assistant', 'user', "
                "'function', 'tool', and 'developer'.",
                role
            ),
            where + ".role",
            "invalid_value"
        );
    }
    if (role == "assistant") note_calls(message, calls);
    if (role == "tool" && !calls.contains(text_at(message, "tool_call_id"))) {
        return refuse(
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding "
            "message "
            "with 'tool_calls'.",
            where + ".role",
            ""
        );
    }
    const auto* content = message.if_contains("content");
    if (content == nullptr || content->is_null()) {
        if (role == "assistant") return {};
        return refuse(
            fmt::format("Invalid value for 'content': expected a string, got null."),
            where + ".content",
            ""
        );
    }
    if (content->is_array()) return check_parts(content->get_array(), where);
    if (!content->is_string()) return wrong_type(where + ".content", "a string or an array");
    return {};
}

verdict check_tools(const json::object& request) {
    const auto* tools = request.if_contains("tools");
    if (tools == nullptr || tools->is_null()) {
        const auto* choice = request.if_contains("tool_choice");
        if (choice != nullptr && !choice->is_null() && text_at(request, "tool_choice") != "none") {
            return refuse(
                "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are "
                "specified.",
                "tool_choice",
                ""
            );
        }
        return {};
    }
    if (!tools->is_array()) return wrong_type("tools", "an array");
    if (tools->get_array().empty()) {
        return refuse("Invalid 'tools': empty array.", "tools", "empty_array");
    }
    for (std::size_t i = 0; i < tools->get_array().size(); ++i) {
        const auto& tool = tools->get_array()[i];
        const auto where = fmt::format("tools[{}]", i);
        if (!tool.is_object()) return wrong_type(where, "an object");
        const auto* function = tool.get_object().if_contains("function");
        if (function == nullptr || !function->is_object()) return missing(where + ".function");
        if (text_at(function->get_object(), "name").empty()) {
            return missing(where + ".function.name");
        }
    }
    return {};
}

}  // namespace

verdict validate_chat(const json::object& request) {
    if (auto wrong = check_model(request)) return wrong;
    const auto* messages = request.if_contains("messages");
    if (messages == nullptr) return missing("messages");
    if (!messages->is_array()) return wrong_type("messages", "an array");
    if (messages->get_array().empty()) {
        return refuse(
            "Invalid 'messages': empty array. Expected an array with minimum length 1.",
            "messages",
            "empty_array"
        );
    }
    open_calls calls;
    for (std::size_t i = 0; i < messages->get_array().size(); ++i) {
        if (auto wrong = check_message(messages->get_array()[i], i, calls)) return wrong;
    }
    return check_tools(request);
}

verdict validate_completion(const json::object& request) {
    if (auto wrong = check_model(request)) return wrong;
    const auto* prompt = request.if_contains("prompt");
    if (prompt != nullptr && !prompt->is_string() && !prompt->is_array()) {
        return wrong_type("prompt", "a string or an array");
    }
    return {};
}

verdict validate_embeddings(const json::object& request) {
    if (auto wrong = check_model(request)) return wrong;
    const auto* input = request.if_contains("input");
    if (input == nullptr) return missing("input");
    if (!input->is_string() && !input->is_array()) {
        return wrong_type("input", "a string or an array");
    }
    if (input->is_array() && input->get_array().empty()) {
        return refuse("Invalid 'input': empty array.", "input", "empty_array");
    }
    const auto format = text_at(request, "encoding_format");
    if (!format.empty() && format != "float" && format != "base64") {
        return refuse(
            fmt::format("Invalid value: '{}'. Supported values are: 'float' and 'base64'.", format),
            "encoding_format",
            "invalid_value"
        );
    }
    const auto* dimensions = request.if_contains("dimensions");
    if (dimensions != nullptr && (!dimensions->is_int64() || dimensions->get_int64() < 1)) {
        return refuse("Invalid 'dimensions'.", "dimensions", "integer_below_min_value");
    }
    return {};
}

}  // namespace spillway::bench::sim
