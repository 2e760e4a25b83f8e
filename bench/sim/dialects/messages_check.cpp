#include "bench/sim/dialects/messages_check.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t most_cache_marks = 4;
constexpr double least_budget = 1024;

verdict check_members(const json::object& request, messages_host host, messages_purpose purpose) {
    const auto unknown = find_unknown_member(request, {"model",          "messages",
                                                       "max_tokens",     "system",
                                                       "stop_sequences", "temperature",
                                                       "top_p",          "top_k",
                                                       "tools",          "tool_choice",
                                                       "thinking",       "output_config",
                                                       "metadata",       "stream",
                                                       "service_tier",   "cache_control",
                                                       "container",      "context_management",
                                                       "mcp_servers",    "inference_geo",
                                                       "speed",          "anthropic_version",
                                                       "anthropic_beta"});
    if (unknown) return *unknown + ": Extra inputs are not permitted";
    const auto refuse_all = [&](std::initializer_list<std::string_view> names) -> verdict {
        for (const auto name : names) {
            if (value_at(request, name) != nullptr)
                return fmt::format("{}: Extra inputs are not permitted", name);
        }
        return {};
    };
    if (purpose == messages_purpose::count) {
        if (auto wrong = refuse_all(
                {"max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences"}
            ))
            return wrong;
    }
    if (host == messages_host::anthropic)
        return refuse_all({"anthropic_version", "anthropic_beta"});
    if (host == messages_host::bedrock) {
        if (auto wrong = refuse_all({"model", "stream", "service_tier"})) return wrong;
    } else if (purpose == messages_purpose::generate) {
        if (auto wrong = refuse_all({"model"})) return wrong;
    }
    return refuse_all({"cache_control", "container", "mcp_servers", "inference_geo", "speed"});
}

verdict check_version(const json::object& request, messages_host host) {
    if (host == messages_host::anthropic) return {};
    const auto wanted = host == messages_host::bedrock ? "bedrock-2023-05-31" : "vertex-2023-10-16";
    if (!has_text(request, "anthropic_version")) return "anthropic_version: Field required";
    if (text_at(request, "anthropic_version") != wanted)
        return fmt::format("anthropic_version: Input should be '{}'", wanted);
    return {};
}

verdict check_range(const json::object& request, const char* name, double least, double most) {
    const auto* found = value_at(request, name);
    if (found == nullptr) return {};
    if (!found->is_number()) return fmt::format("{}: Input should be a valid number", name);
    const auto number = found->to_number<double>();
    if (number < least || number > most) return fmt::format("{}: range: {}..{}", name, least, most);
    return {};
}

verdict check_limits(const json::object& request, messages_purpose purpose) {
    if (purpose == messages_purpose::generate) {
        const auto* most = value_at(request, "max_tokens");
        if (most == nullptr) return "max_tokens: Field required";
        if (!most->is_int64()) return "max_tokens: Input should be a valid integer";
        if (most->get_int64() < 1) return "max_tokens: must be greater than or equal to 1";
    }
    if (auto wrong = check_range(request, "temperature", 0, 1)) return wrong;
    if (auto wrong = check_range(request, "top_p", 0, 1)) return wrong;
    if (const auto* stream = value_at(request, "stream"); stream != nullptr && !stream->is_bool())
        return "stream: Input should be a valid boolean";
    const auto* stops = value_at(request, "stop_sequences");
    if (stops == nullptr) return {};
    if (!stops->is_array()) return "stop_sequences: Input should be a valid list";
    for (const auto& one : stops->get_array()) {
        if (is_blank(text_of(one)))
            return "stop_sequences: each stop sequence must contain non-whitespace";
    }
    return {};
}

verdict check_tool(const json::value& value, std::size_t index, std::size_t& marks) {
    const auto where = fmt::format("tools.{}", index);
    const auto* one = value.if_object();
    if (one == nullptr) return where + ": Input should be a valid dictionary or object";
    if (auto wrong = check_cache_mark(*one, where, marks)) return wrong;
    const auto type = text_at(*one, "type");
    if (!type.empty() && type != "custom") return {};  // a server tool; each has members of its own
    if (!has_text(*one, "name")) return where + ".custom.name: Field required";
    if (!is_name(text_at(*one, "name"), 128))
        return where + ".custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'";
    const auto* schema = object_at(*one, "input_schema");
    if (schema == nullptr) return where + ".custom.input_schema: Field required";
    if (text_at(*schema, "type") != "object")
        return where + ".custom.input_schema.type: Input should be 'object'";
    for (const char* word : {"oneOf", "allOf", "anyOf"}) {
        if (schema->contains(word))
            return where + ".custom.input_schema: input_schema does not support oneOf, allOf, or "
                           "anyOf at the top level";
    }
    const auto unknown = find_unknown_member(
        *one,
        {"type",
         "name",
         "description",
         "input_schema",
         "cache_control",
         "strict",
         "eager_input_streaming",
         "defer_loading",
         "allowed_callers",
         "input_examples"}
    );
    if (unknown)
        return fmt::format("{}.custom.{}: Extra inputs are not permitted", where, *unknown);
    return {};
}

verdict check_tools(const json::object& request, std::size_t& marks) {
    if (const auto* tools = array_at(request, "tools")) {
        for (std::size_t i = 0; i < tools->size(); ++i)
            if (auto wrong = check_tool((*tools)[i], i, marks)) return wrong;
    }
    const auto* value = value_at(request, "tool_choice");
    if (value == nullptr) return {};
    const auto* choice = value->if_object();
    if (choice == nullptr) return "tool_choice: Input should be a valid dictionary or object";
    const auto type = text_at(*choice, "type");
    if (!is_one_of(type, {"auto", "any", "tool", "none"})) {
        return fmt::format(
            "tool_choice: Input tag '{}' found using 'type' does not match any of the expected "
            "tags: 'auto', 'any', 'tool', 'none'",
            type
        );
    }
    if (array_at(request, "tools") == nullptr)
        return "tool_choice: tool_choice may only be specified while providing tools.";
    if (type == "tool" && !has_text(*choice, "name"))
        return "tool_choice.tool.name: Field required";
    if (type == "none" && choice->contains("disable_parallel_tool_use"))
        return "tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted";
    return {};
}

verdict check_budget(const json::object& request, const json::object& thinking) {
    const auto budget = number_at(thinking, "budget_tokens");
    if (!budget) return "thinking.enabled.budget_tokens: Field required";
    if (*budget < least_budget)
        return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024";
    if (const auto most = number_at(request, "max_tokens"); most && *most <= *budget)
        return "`max_tokens` must be greater than `thinking.budget_tokens`.";
    return {};
}

verdict check_thinking(const json::object& request) {
    const auto* thinking = object_at(request, "thinking");
    if (thinking == nullptr) return {};
    const auto type = text_at(*thinking, "type");
    if (!is_one_of(type, {"enabled", "disabled", "adaptive", "between_tools"})) {
        return fmt::format(
            "thinking: Input tag '{}' found using 'type' does not match any of the expected tags: "
            "'adaptive', 'between_tools', 'disabled', 'enabled'",
            type
        );
    }
    if (type != "enabled") return {};
    if (auto wrong = check_budget(request, *thinking)) return wrong;
    if (number_at(request, "temperature").value_or(1) != 1)
        return "`temperature` may only be set to 1 when thinking is enabled.";
    if (number_at(request, "top_p").value_or(1) < 0.95)
        return "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.";
    if (value_at(request, "top_k") != nullptr)
        return "`top_k` must be unset when thinking is enabled.";
    const auto* choice = object_at(request, "tool_choice");
    if (choice != nullptr && is_one_of(text_at(*choice, "type"), {"any", "tool"}))
        return "Thinking may not be enabled when tool_choice forces tool use.";
    return {};
}

verdict check_system(const json::object& request, std::size_t& marks) {
    const auto* system = value_at(request, "system");
    if (system == nullptr || system->is_string()) return {};
    if (!system->is_array()) return "system: Input should be a valid list";
    for (std::size_t i = 0; i < system->get_array().size(); ++i) {
        const auto where = fmt::format("system.{}", i);
        const auto* block = system->get_array()[i].if_object();
        if (block == nullptr || text_at(*block, "type") != "text")
            return where + ".type: Input should be 'text'";
        if (text_at(*block, "text").empty()) return "system: text content blocks must be non-empty";
        if (auto wrong = check_cache_mark(*block, where, marks)) return wrong;
    }
    return {};
}

// All marks in the messages; that they are well formed is found with their blocks.
void count_marks(const json::value& value, std::size_t& marks) {
    if (const auto* list = value.if_array()) {
        for (const auto& one : *list)
            count_marks(one, marks);
    }
    const auto* object = value.if_object();
    if (object == nullptr) return;
    if (value_at(*object, "cache_control") != nullptr) ++marks;
    if (const auto* content = value_at(*object, "content")) count_marks(*content, marks);
}

verdict check_schema(const json::object& request) {
    const auto* config = object_at(request, "output_config");
    const auto* format = config != nullptr ? object_at(*config, "format") : nullptr;
    if (format == nullptr) return {};
    if (text_at(*format, "type") != "json_schema")
        return "output_config.format.type: Input should be 'json_schema'";
    const auto* schema = object_at(*format, "schema");
    if (schema == nullptr) return "output_config.format.schema: Field required";
    if (text_at(*schema, "type") == "object" && !is_false(*schema, "additionalProperties"))
        return "output_config.format.schema: For 'object' type, 'additionalProperties' must be "
               "explicitly set to false";
    return {};
}

}  // namespace

verdict check_cache_mark(const json::object& marked, const std::string& where, std::size_t& marks) {
    const auto* value = value_at(marked, "cache_control");
    if (value == nullptr) return {};
    ++marks;
    const auto* mark = value->if_object();
    if (mark == nullptr || text_at(*mark, "type") != "ephemeral")
        return where + ".cache_control.type: Input should be 'ephemeral'";
    if (mark->contains("ttl") && !is_one_of(text_at(*mark, "ttl"), {"5m", "1h"}))
        return where + ".cache_control.ephemeral.ttl: Input should be '5m' or '1h'";
    if (const auto unknown = find_unknown_member(*mark, {"type", "ttl"}))
        return fmt::format(
            "{}.cache_control.ephemeral.{}: Extra inputs are not permitted", where, *unknown
        );
    return {};
}

verdict check_messages(const json::object& request, messages_host host, messages_purpose purpose) {
    if (host == messages_host::anthropic && !has_text(request, "model"))
        return "model: Field required";
    if (auto wrong = check_version(request, host)) return wrong;
    if (auto wrong = check_members(request, host, purpose)) return wrong;
    if (auto wrong = check_limits(request, purpose)) return wrong;
    std::size_t marks = 0;
    if (auto wrong = check_system(request, marks)) return wrong;
    if (auto wrong = check_tools(request, marks)) return wrong;
    if (auto wrong = check_thinking(request)) return wrong;
    if (auto wrong = check_schema(request)) return wrong;
    const auto* messages = value_at(request, "messages");
    if (messages == nullptr) return "messages: Field required";
    if (!messages->is_array()) return "messages: Input should be a valid list";
    const auto* thinking = object_at(request, "thinking");
    const bool thinks = thinking != nullptr && text_at(*thinking, "type") == "enabled";
    const auto state = thinks ? thinking_state::on : thinking_state::off;
    if (auto wrong = check_turns(messages->get_array(), host, state)) return wrong;
    count_marks(*messages, marks);
    if (marks > most_cache_marks) {
        return fmt::format(
            "A maximum of 4 blocks with cache_control may be provided. Found {}.", marks
        );
    }
    return {};
}

}  // namespace spillway::bench::sim
