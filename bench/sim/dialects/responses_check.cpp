#include "bench/sim/dialects/responses_check.hpp"

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/dialects/checks.hpp"

#include <fmt/format.h>

#include <set>

namespace spillway::bench::sim {
namespace {

using complaint = std::optional<api_error>;

api_error refuse(std::string message, std::string param, std::string code) {
    auto error = error_of(400, std::move(message), std::move(code));
    error.param = std::move(param);
    return error;
}

complaint check_members(const json::object& request) {
    const auto unknown = find_unknown_member(
        request,
        {"model",
         "input",
         "instructions",
         "max_output_tokens",
         "max_tool_calls",
         "temperature",
         "top_p",
         "top_logprobs",
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
         "truncation",
         "prompt",
         "context_management",
         "stream",
         "stream_options",
         "metadata",
         "service_tier",
         "user",
         "safety_identifier",
         "prompt_cache_key",
         "prompt_cache_options",
         "prompt_cache_retention",
         "moderation"}
    );
    if (!unknown) return {};
    return refuse(fmt::format("Unknown parameter: '{}'.", *unknown), *unknown, "unknown_parameter");
}

complaint check_range(const json::object& request, const char* name, double least, double most) {
    const auto* found = value_at(request, name);
    if (found == nullptr) return {};
    if (!found->is_number())
        return refuse(
            fmt::format("Invalid type for '{}': expected a number.", name), name, "invalid_type"
        );
    const auto number = found->to_number<double>();
    const char* kind = found->is_double() ? "decimal" : "integer";
    if (number < least) {
        return refuse(
            fmt::format(
                "Invalid '{}': expected a value >= {}, but got {} instead.", name, least, number
            ),
            name,
            fmt::format("{}_below_min_value", kind)
        );
    }
    if (number <= most) return {};
    return refuse(
        fmt::format(
            "Invalid '{}': expected a value <= {}, but got {} instead.", name, most, number
        ),
        name,
        fmt::format("{}_above_max_value", kind)
    );
}

complaint check_parts(const json::object& item, const std::string& where) {
    const auto* parts = array_at(item, "content");
    if (parts == nullptr) {
        if (has_text(item, "content")) return {};
        return refuse(
            fmt::format("Missing required parameter: '{}.content'.", where),
            where + ".content",
            "missing_required_parameter"
        );
    }
    const bool by_model = text_at(item, "role") == "assistant";
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const auto* part = (*parts)[i].if_object();
        const auto type = part != nullptr ? text_at(*part, "type") : std::string_view{};
        const bool good = by_model ? is_one_of(type, {"output_text", "refusal"})
                                   : is_one_of(type, {"input_text", "input_image", "input_file"});
        if (good) continue;
        return refuse(
            fmt::format(
                "Invalid value: '{}'. Supported values are: {}.",
                type,
                by_model ? "'output_text' and 'refusal'"
                         : "'input_text', 'input_image', and 'input_file'"
            ),
            fmt::format("{}.content[{}].type", where, i),
            "invalid_value"
        );
    }
    return {};
}

// Calls that still wait for their output, by call_id.
using open_calls = std::set<std::string, std::less<>>;

complaint check_reasoning(const json::object& item, const std::string& where) {
    const auto sealed = text_at(item, "encrypted_content");
    if (sealed.empty() || is_signature_of(sealed, "") || is_redacted_thought(sealed)) return {};
    return refuse(
        fmt::format(
            "The encrypted content for item {} could not be verified.", text_at(item, "id")
        ),
        where,
        "invalid_encrypted_content"
    );
}

complaint check_item(const json::object& item, const std::string& where, open_calls& calls) {
    const auto type = has_text(item, "type") ? text_at(item, "type") : "message";
    if (type == "message") {
        if (!is_one_of(text_at(item, "role"), {"user", "assistant", "system", "developer"})) {
            return refuse(
                fmt::format(
                    "Invalid value: '{}'. Supported values are: 'assistant', 'system', "
                    "'developer', and 'user'.",
                    text_at(item, "role")
                ),
                where + ".role",
                "invalid_value"
            );
        }
        return check_parts(item, where);
    }
    if (type == "function_call") {
        for (const char* name : {"call_id", "name", "arguments"}) {
            if (!has_text(item, name))
                return refuse(
                    fmt::format("Missing required parameter: '{}.{}'.", where, name),
                    fmt::format("{}.{}", where, name),
                    "missing_required_parameter"
                );
        }
        calls.emplace(text_at(item, "call_id"));
        return {};
    }
    if (type == "function_call_output") {
        const auto id = text_at(item, "call_id");
        if (calls.erase(std::string{id}) > 0) return {};
        return refuse(
            fmt::format("No tool call found for function call output with call_id {}.", id),
            "input",
            ""
        );
    }
    if (type == "reasoning") return check_reasoning(item, where);
    if (type == "item_reference")
        return refuse(
            fmt::format("Item with id '{}' not found.", text_at(item, "id")), "input", ""
        );
    return refuse(
        fmt::format(
            "Invalid value: '{}'. Supported values are: 'message', 'function_call', ...", type
        ),
        where + ".type",
        "invalid_value"
    );
}

// A reasoning item stands before the item that came out of it.
complaint check_followers(const json::array& input) {
    for (std::size_t i = 0; i < input.size(); ++i) {
        const auto& item = input[i].get_object();
        if (text_at(item, "type") != "reasoning") continue;
        const auto* next = i + 1 < input.size() ? input[i + 1].if_object() : nullptr;
        const bool follows =
            next != nullptr && (text_at(*next, "role") == "assistant" ||
                                is_one_of(text_at(*next, "type"), {"function_call", "reasoning"}));
        if (follows) continue;
        return refuse(
            fmt::format(
                "Item '{}' of type 'reasoning' was provided without its required following item.",
                text_at(item, "id")
            ),
            "input",
            ""
        );
    }
    return {};
}

complaint check_input(const json::object& request) {
    const auto* input = value_at(request, "input");
    if (input == nullptr)
        return refuse(
            "Missing required parameter: 'input'.", "input", "missing_required_parameter"
        );
    if (input->is_string()) return {};
    const auto* items = input->if_array();
    if (items == nullptr)
        return refuse(
            "Invalid type for 'input': expected a string or an array.", "input", "invalid_type"
        );
    open_calls calls;
    for (std::size_t i = 0; i < items->size(); ++i) {
        const auto where = fmt::format("input[{}]", i);
        const auto* item = (*items)[i].if_object();
        if (item == nullptr)
            return refuse("Invalid type for '" + where + "'.", where, "invalid_type");
        if (auto wrong = check_item(*item, where, calls)) return wrong;
    }
    if (!calls.empty())
        return refuse(
            fmt::format("No tool output found for function call {}.", *calls.begin()), "input", ""
        );
    return check_followers(*items);
}

complaint check_tools(const json::object& request) {
    const auto* tools = array_at(request, "tools");
    for (std::size_t i = 0; tools != nullptr && i < tools->size(); ++i) {
        const auto* one = (*tools)[i].if_object();
        const auto where = fmt::format("tools[{}]", i);
        if (one == nullptr || text_at(*one, "type").empty())
            return refuse(
                fmt::format("Missing required parameter: '{}.type'.", where),
                where + ".type",
                "missing_required_parameter"
            );
        if (text_at(*one, "type") != "function") continue;
        // Flat here; the nested form of chat completions is a usual mistake.
        if (!is_name(text_at(*one, "name"), 64))
            return refuse(
                fmt::format("Missing required parameter: '{}.name'.", where),
                where + ".name",
                "missing_required_parameter"
            );
        const auto* schema = object_at(*one, "parameters");
        const bool strict = !is_false(*one, "strict");
        if (strict && schema != nullptr && !is_false(*schema, "additionalProperties")) {
            return refuse(
                fmt::format(
                    "Invalid schema for function '{}': In context=(), 'additionalProperties' is "
                    "required to be supplied and to be false.",
                    text_at(*one, "name")
                ),
                where + ".parameters",
                "invalid_function_parameters"
            );
        }
    }
    const auto choice = text_at(request, "tool_choice");
    if ((tools == nullptr || tools->empty()) && choice == "required")
        return refuse(
            "Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice", ""
        );
    return {};
}

complaint check_state(const json::object& request) {
    if (has_text(request, "previous_response_id")) {
        return refuse(
            fmt::format(
                "Previous response with id '{}' not found.",
                text_at(request, "previous_response_id")
            ),
            "previous_response_id",
            "previous_response_not_found"
        );
    }
    if (request.contains("stream_options") && !is_true(request, "stream"))
        return refuse(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            "stream_options",
            ""
        );
    return {};
}

complaint check_format(const json::object& request) {
    const auto* text = object_at(request, "text");
    const auto* format = text != nullptr ? object_at(*text, "format") : nullptr;
    if (format == nullptr) return {};
    const auto type = text_at(*format, "type");
    if (!is_one_of(type, {"text", "json_object", "json_schema"}))
        return refuse(
            fmt::format("Invalid value: '{}'.", type), "text.format.type", "invalid_value"
        );
    if (type != "json_schema") return {};
    for (const char* name : {"name", "schema"}) {
        if (value_at(*format, name) == nullptr)
            return refuse(
                fmt::format("Missing required parameter: 'text.format.{}'.", name),
                fmt::format("text.format.{}", name),
                "missing_required_parameter"
            );
    }
    return {};
}

}  // namespace

complaint check_responses(const json::object& request) {
    if (!has_text(request, "model"))
        return refuse(
            "Missing required parameter: 'model'.", "model", "missing_required_parameter"
        );
    if (auto wrong = check_members(request)) return wrong;
    if (auto wrong = check_range(request, "temperature", 0, 2)) return wrong;
    if (auto wrong = check_range(request, "top_p", 0, 1)) return wrong;
    if (auto wrong = check_range(request, "max_output_tokens", 16, 1e9)) return wrong;
    if (auto wrong = check_state(request)) return wrong;
    if (auto wrong = check_input(request)) return wrong;
    if (auto wrong = check_format(request)) return wrong;
    return check_tools(request);
}

}  // namespace spillway::bench::sim
