#include "bench/sim/dialects/converse_check.hpp"

#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/dialects/base64.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::bench::sim {
namespace {

using id_list = std::vector<std::string_view>;

std::string extraneous(std::string_view name) {
    return fmt::format(
        "Malformed input request: #: extraneous key [{}] is not permitted, please reformat your "
        "input and try again.",
        name
    );
}

verdict check_range(const json::object& config, const char* name, double least, double most) {
    const auto* found = value_at(config, name);
    if (found == nullptr) return {};
    const bool good = found->is_number() && found->to_number<double>() >= least &&
                      found->to_number<double>() <= most;
    if (good) return {};
    return fmt::format(
        "1 validation error detected: Value '{}' at 'inferenceConfig.{}' failed to satisfy "
        "constraint: Member must have value between {} and {}",
        json::serialize(*found),
        name,
        least,
        most
    );
}

verdict check_config(const json::object& request) {
    const auto* config = object_at(request, "inferenceConfig");
    if (config == nullptr) return {};
    if (const auto name =
            find_unknown_member(*config, {"maxTokens", "temperature", "topP", "stopSequences"}))
        return extraneous(*name);
    if (auto wrong = check_range(*config, "maxTokens", 1, 1e9)) return wrong;
    if (auto wrong = check_range(*config, "temperature", 0, 1)) return wrong;
    return check_range(*config, "topP", 0, 1);
}

verdict check_tool(const json::object& entry, std::size_t index) {
    if (entry.contains("cachePoint") || entry.contains("systemTool")) return {};
    const auto where = fmt::format("toolConfig.tools.{}.member.toolSpec", index + 1);
    const auto* spec = object_at(entry, "toolSpec");
    if (spec == nullptr) return where + ": must not be null";
    if (!is_name(text_at(*spec, "name"), 64)) {
        return fmt::format(
            "1 validation error detected: Value '{}' at '{}.name' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
            text_at(*spec, "name"),
            where
        );
    }
    if (spec->contains("description") && text_at(*spec, "description").empty()) {
        return fmt::format(
            "1 validation error detected: Value '' at '{}.description' failed to satisfy "
            "constraint: "
            "Member must have length greater than or equal to 1",
            where
        );
    }
    const auto* schema = object_at(*spec, "inputSchema");
    const auto* inner = schema != nullptr ? object_at(*schema, "json") : nullptr;
    if (inner == nullptr) return where + ".inputSchema.json: must be a JSON object";
    if (text_at(*inner, "type") == "object") return {};
    return fmt::format(
        "The value at toolConfig.tools.{}.toolSpec.inputSchema.json.type must be one of the "
        "following: object.",
        index
    );
}

verdict check_tools(const json::object& request) {
    const auto* config = object_at(request, "toolConfig");
    if (config == nullptr) return {};
    const auto* tools = array_at(*config, "tools");
    if (tools == nullptr || tools->empty()) {
        return "1 validation error detected: Value '[]' at 'toolConfig.tools' failed to satisfy "
               "constraint: Member must have length greater than or equal to 1";
    }
    for (std::size_t i = 0; i < tools->size(); ++i) {
        if (!(*tools)[i].is_object()) return "toolConfig.tools: must be objects";
        if (auto wrong = check_tool((*tools)[i].get_object(), i)) return wrong;
    }
    const auto* choice = object_at(*config, "toolChoice");
    if (choice == nullptr) return {};
    const bool single =
        choice->size() == 1 &&
        is_one_of(std::string_view{choice->begin()->key()}, {"auto", "any", "tool"});
    if (single) return {};
    return "toolConfig.toolChoice: exactly one of auto, any and tool must be set";
}

verdict check_system(const json::object& request) {
    const auto* system = array_at(request, "system");
    if (system == nullptr) return {};
    for (const auto& one : *system) {
        const auto* block = one.if_object();
        if (block == nullptr || block->size() != 1) return "system: blocks have exactly one member";
        if (block->contains("text") && is_blank(text_at(*block, "text")))
            return "The text field in the SystemContentBlock object at system.0 is blank. Add text "
                   "to the text field, and try again.";
    }
    return {};
}

verdict check_media(const json::object& media, std::string_view kind, const std::string& where) {
    const auto* source = object_at(media, "source");
    if (text_at(media, "format").empty() || source == nullptr || source->size() != 1)
        return fmt::format("The {} at {} has no format or source.", kind, where);
    if (kind == "document" && !is_name(text_at(media, "name"), 200, " ()[]"))
        return fmt::format(
            "The document file name at {} can only contain alphanumeric characters, "
            "whitespace characters, hyphens, parentheses, and square brackets.",
            where
        );
    if (!source->contains("bytes")) return {};
    const auto data = text_at(*source, "bytes");
    if (!decode_base64(data)) return fmt::format("The {} at {} is no base64.", kind, where);
    if (kind == "image" && sniff_picture(data) != fmt::format("image/{}", text_at(media, "format")))
        return "The model returned the following errors: the image format does not match its bytes";
    return {};
}

verdict check_reasoning(const json::object& content, const std::string& where) {
    if (const auto* text = object_at(content, "reasoningText")) {
        if (!text->contains("signature")) return {};
        if (is_signature_of(text_at(*text, "signature"), text_at(*text, "text"))) return {};
        return fmt::format(
            "The model returned the following errors: {}: Invalid `signature` in `thinking` block",
            where
        );
    }
    const auto data = decode_base64(text_at(content, "redactedContent"));
    if (data && is_redacted_thought(*data)) return {};
    return fmt::format(
        "The model returned the following errors: {}: Invalid `data` in `redacted_thinking` block",
        where
    );
}

verdict check_block(const json::value& value, std::string_view role, const std::string& where) {
    const auto* block = value.if_object();
    if (block == nullptr || block->size() != 1)
        return fmt::format("The ContentBlock object at {} must set exactly one member.", where);
    const std::string_view kind = block->begin()->key();
    const auto& inner = block->begin()->value();
    if (kind == "text") {
        if (!is_blank(text_of(inner))) return {};
        return fmt::format(
            "The text field in the ContentBlock object at {} is blank. Add text to the text field, "
            "and try again.",
            where
        );
    }
    const auto* object = inner.if_object();
    if (object == nullptr) return fmt::format("The {} field at {} must be an object.", kind, where);
    const bool by_user = role == "user";
    if (kind == "cachePoint" || kind == "guardContent") return {};
    if (by_user && is_one_of(kind, {"image", "document", "video", "audio"}))
        return check_media(*object, kind, where);
    if (by_user && kind == "toolResult") {
        if (array_at(*object, "content") != nullptr) return {};
        return fmt::format("The content field of the toolResult at {} must be a list.", where);
    }
    if (!by_user && kind == "reasoningContent") return check_reasoning(*object, where);
    if (!by_user && kind == "citationsContent") return {};
    if (by_user || kind != "toolUse")
        return fmt::format("The {} block at {} is not allowed for the role {}.", kind, where, role);
    if (!is_name(text_at(*object, "toolUseId"), 64, ".:"))
        return fmt::format(
            "The toolUseId at {} must satisfy regular expression pattern: [a-zA-Z0-9_.:-]+", where
        );
    if (object_at(*object, "input") == nullptr)
        return fmt::format(
            "The format of the value at {}.toolUse.input is invalid. Provide a json object for the "
            "field and try again.",
            where
        );
    return {};
}

id_list ids_in(const json::array& content, const char* kind) {
    id_list ids;
    for (const auto& one : content) {
        const auto* inner = object_at(one.get_object(), kind);
        if (inner != nullptr) ids.push_back(text_at(*inner, "toolUseId"));
    }
    return ids;
}

verdict check_pairs(const id_list& calls, const id_list& results, std::size_t index) {
    for (const auto id : calls) {
        if (std::find(results.begin(), results.end(), id) == results.end())
            return fmt::format(
                "Expected toolResult blocks at messages.{}.content for the following Ids: {}",
                index,
                id
            );
    }
    if (results.size() <= calls.size()) return {};
    return fmt::format(
        "The number of toolResult blocks at messages.{}.content exceeds the number of toolUse "
        "blocks of previous turn.",
        index
    );
}

bool uses_tools(const json::array& messages) {
    for (const auto& one : messages) {
        const auto& content = one.get_object().at("content").get_array();
        if (!ids_in(content, "toolUse").empty() || !ids_in(content, "toolResult").empty())
            return true;
    }
    return false;
}

verdict check_content(const json::object& message, std::string_view role, std::size_t index) {
    const auto* content = array_at(message, "content");
    if (content == nullptr || content->empty()) {
        return fmt::format(
            "The content field in the Message object at messages.{} is empty. Add a ContentBlock "
            "object to the content field and try again.",
            index
        );
    }
    for (std::size_t i = 0; i < content->size(); ++i) {
        const auto where = fmt::format("messages.{}.content.{}", index, i);
        if (auto wrong = check_block((*content)[i], role, where)) return wrong;
    }
    return {};
}

}  // namespace

verdict check_converse_turns(const json::array& messages) {
    if (messages.empty()) return "messages: must have length greater than or equal to 1";
    id_list calls;
    std::string_view before = "assistant";
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto* message = messages[i].if_object();
        if (message == nullptr) return "messages: must be objects";
        const auto role = text_at(*message, "role");
        if (!is_one_of(role, {"user", "assistant"}))
            return fmt::format(
                "1 validation error detected: Value '{}' at 'messages.{}.member.role' failed to "
                "satisfy constraint: Member must satisfy enum value set: [user, assistant]",
                role,
                i + 1
            );
        if (i == 0 && role != "user")
            return "A conversation must start with a user message. Try again with a conversation "
                   "that "
                   "starts with a user message.";
        if (role == before)
            return "A conversation must alternate between user and assistant roles. Make sure the "
                   "conversation alternates between user and assistant roles and try again.";
        before = role;
        if (auto wrong = check_content(*message, role, i)) return wrong;
        const auto& content = message->at("content").get_array();
        if (auto wrong = check_pairs(calls, ids_in(content, "toolResult"), i)) return wrong;
        calls = ids_in(content, "toolUse");
    }
    return check_pairs(calls, {}, messages.size());
}

verdict check_converse(const json::object& request) {
    const auto unknown = find_unknown_member(
        request,
        {"messages",
         "system",
         "inferenceConfig",
         "toolConfig",
         "guardrailConfig",
         "additionalModelRequestFields",
         "additionalModelResponseFieldPaths",
         "requestMetadata",
         "performanceConfig",
         "serviceTier",
         "outputConfig",
         "promptVariables"}
    );
    if (unknown) return extraneous(*unknown);
    if (auto wrong = check_config(request)) return wrong;
    if (auto wrong = check_tools(request)) return wrong;
    if (auto wrong = check_system(request)) return wrong;
    const auto* messages = array_at(request, "messages");
    if (messages == nullptr)
        return "1 validation error detected: Value null at 'messages' failed to satisfy "
               "constraint: Member must not be null";
    if (auto wrong = check_converse_turns(*messages)) return wrong;
    if (object_at(request, "toolConfig") == nullptr && uses_tools(*messages))
        return "The toolConfig field must be defined when using toolUse and toolResult content "
               "blocks.";
    return {};
}

}  // namespace spillway::bench::sim
