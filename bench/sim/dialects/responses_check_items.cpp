#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/dialects/checks.hpp"
#include "bench/sim/dialects/responses_check.hpp"

#include <fmt/format.h>

#include <set>

namespace spillway::bench::sim {
namespace {

using complaint = std::optional<api_error>;

complaint check_parts(const json::object& item, const std::string& where) {
    const auto* parts = array_at(item, "content");
    if (parts == nullptr) {
        if (has_text(item, "content")) return {};
        return refuse_parameter(
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
        return refuse_parameter(
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
    return refuse_parameter(
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
            return refuse_parameter(
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
                return refuse_parameter(
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
        return refuse_parameter(
            fmt::format("No tool call found for function call output with call_id {}.", id),
            "input",
            ""
        );
    }
    if (type == "reasoning") return check_reasoning(item, where);
    if (type == "item_reference")
        return refuse_parameter(
            fmt::format("Item with id '{}' not found.", text_at(item, "id")), "input", ""
        );
    return refuse_parameter(
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
        return refuse_parameter(
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

}  // namespace

complaint check_responses_input(const json::object& request) {
    const auto* input = value_at(request, "input");
    if (input == nullptr)
        return refuse_parameter(
            "Missing required parameter: 'input'.", "input", "missing_required_parameter"
        );
    if (input->is_string()) return {};
    const auto* items = input->if_array();
    if (items == nullptr)
        return refuse_parameter(
            "Invalid type for 'input': expected a string or an array.", "input", "invalid_type"
        );
    open_calls calls;
    for (std::size_t i = 0; i < items->size(); ++i) {
        const auto where = fmt::format("input[{}]", i);
        const auto* item = (*items)[i].if_object();
        if (item == nullptr)
            return refuse_parameter("Invalid type for '" + where + "'.", where, "invalid_type");
        if (auto wrong = check_item(*item, where, calls)) return wrong;
    }
    if (!calls.empty())
        return refuse_parameter(
            fmt::format("No tool output found for function call {}.", *calls.begin()), "input", ""
        );
    return check_followers(*items);
}

}  // namespace spillway::bench::sim
