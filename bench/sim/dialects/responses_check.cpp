#include "bench/sim/dialects/responses_check.hpp"

#include "bench/sim/dialects/checks.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {
namespace {

using complaint = std::optional<api_error>;

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
    return refuse_parameter(
        fmt::format("Unknown parameter: '{}'.", *unknown), *unknown, "unknown_parameter"
    );
}

complaint check_range(const json::object& request, const char* name, double least, double most) {
    const auto* found = value_at(request, name);
    if (found == nullptr) return {};
    if (!found->is_number())
        return refuse_parameter(
            fmt::format("Invalid type for '{}': expected a number.", name), name, "invalid_type"
        );
    const auto number = found->to_number<double>();
    const char* kind = found->is_double() ? "decimal" : "integer";
    if (number < least) {
        return refuse_parameter(
            fmt::format(
                "Invalid '{}': expected a value >= {}, but got {} instead.", name, least, number
            ),
            name,
            fmt::format("{}_below_min_value", kind)
        );
    }
    if (number <= most) return {};
    return refuse_parameter(
        fmt::format(
            "Invalid '{}': expected a value <= {}, but got {} instead.", name, most, number
        ),
        name,
        fmt::format("{}_above_max_value", kind)
    );
}

complaint check_tools(const json::object& request) {
    const auto* tools = array_at(request, "tools");
    for (std::size_t i = 0; tools != nullptr && i < tools->size(); ++i) {
        const auto* one = (*tools)[i].if_object();
        const auto where = fmt::format("tools[{}]", i);
        if (one == nullptr || text_at(*one, "type").empty())
            return refuse_parameter(
                fmt::format("Missing required parameter: '{}.type'.", where),
                where + ".type",
                "missing_required_parameter"
            );
        if (text_at(*one, "type") != "function") continue;
        // Flat here; the nested form of chat completions is a usual mistake.
        if (!is_name(text_at(*one, "name"), 64))
            return refuse_parameter(
                fmt::format("Missing required parameter: '{}.name'.", where),
                where + ".name",
                "missing_required_parameter"
            );
        const auto* schema = object_at(*one, "parameters");
        const bool strict = !is_false(*one, "strict");
        if (strict && schema != nullptr && !is_false(*schema, "additionalProperties")) {
            return refuse_parameter(
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
        return refuse_parameter(
            "Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice", ""
        );
    return {};
}

complaint check_state(const json::object& request) {
    if (has_text(request, "previous_response_id")) {
        return refuse_parameter(
            fmt::format(
                "Previous response with id '{}' not found.",
                text_at(request, "previous_response_id")
            ),
            "previous_response_id",
            "previous_response_not_found"
        );
    }
    if (request.contains("stream_options") && !is_true(request, "stream"))
        return refuse_parameter(
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
        return refuse_parameter(
            fmt::format("Invalid value: '{}'.", type), "text.format.type", "invalid_value"
        );
    if (type != "json_schema") return {};
    for (const char* name : {"name", "schema"}) {
        if (value_at(*format, name) == nullptr)
            return refuse_parameter(
                fmt::format("Missing required parameter: 'text.format.{}'.", name),
                fmt::format("text.format.{}", name),
                "missing_required_parameter"
            );
    }
    return {};
}

}  // namespace

api_error refuse_parameter(std::string message, std::string param, std::string code) {
    auto error = error_of(400, std::move(message), std::move(code));
    error.param = std::move(param);
    return error;
}

complaint check_responses(const json::object& request) {
    if (!has_text(request, "model"))
        return refuse_parameter(
            "Missing required parameter: 'model'.", "model", "missing_required_parameter"
        );
    if (auto wrong = check_members(request)) return wrong;
    if (auto wrong = check_range(request, "temperature", 0, 2)) return wrong;
    if (auto wrong = check_range(request, "top_p", 0, 1)) return wrong;
    if (auto wrong = check_range(request, "max_output_tokens", 16, 1e9)) return wrong;
    if (auto wrong = check_state(request)) return wrong;
    if (auto wrong = check_responses_input(request)) return wrong;
    if (auto wrong = check_format(request)) return wrong;
    return check_tools(request);
}

}  // namespace spillway::bench::sim
