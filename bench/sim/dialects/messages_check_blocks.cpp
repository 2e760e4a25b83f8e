#include "bench/sim/dialects/answer.hpp"
#include "bench/sim/dialects/messages_check.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {
namespace {

verdict check_picture(const json::object& source, messages_host host, const std::string& where) {
    const auto type = text_at(source, "type");
    if (type == "url" && host == messages_host::anthropic) {
        if (text_at(source, "url").starts_with("https://")) return {};
        return where + ".source.url.url: Only HTTPS URLs are supported.";
    }
    if (type == "file" && host == messages_host::anthropic) return {};
    if (type != "base64") {
        return fmt::format(
            "{}.source: Input tag '{}' found using 'type' does not match any of the expected tags: "
            "'base64', 'url'",
            where,
            type
        );
    }
    const auto media = text_at(source, "media_type");
    if (!is_one_of(media, {"image/jpeg", "image/png", "image/gif", "image/webp"})) {
        return where + ".source.base64.media_type: Input should be 'image/jpeg', 'image/png', "
                       "'image/gif' or 'image/webp'";
    }
    const auto seen = sniff_picture(text_at(source, "data"));
    if (seen == media) return {};
    return fmt::format(
        "{}.source.base64: The image was specified using the {} media type, but the image appears "
        "to be a {} image",
        where,
        media,
        seen.empty() ? "broken" : seen
    );
}

verdict check_document(const json::object& source, messages_host host, const std::string& where) {
    const auto type = text_at(source, "type");
    if (type == "base64" && text_at(source, "media_type") == "application/pdf") return {};
    if (type == "text" && text_at(source, "media_type") == "text/plain") return {};
    if (type == "content") return {};
    if (host == messages_host::anthropic && is_one_of(type, {"url", "file"})) return {};
    return where + ".source: Input does not match any of the expected document sources";
}

verdict check_call(const json::object& block, const std::string& where) {
    if (!is_name(text_at(block, "id"), 256))
        return where + ".tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
    if (!is_name(text_at(block, "name"), 200))
        return where + ".tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,200}$'";
    if (object_at(block, "input") == nullptr)
        return where + ".tool_use.input: Input should be a valid dictionary";
    return {};
}

verdict check_result(const json::object& block, messages_host host, const std::string& where) {
    if (!has_text(block, "tool_use_id")) return where + ".tool_result.tool_use_id: Field required";
    const auto* content = array_at(block, "content");
    if (content == nullptr) return {};
    for (std::size_t i = 0; i < content->size(); ++i) {
        const auto inner = fmt::format("{}.tool_result.content.{}", where, i);
        if (auto wrong = check_block((*content)[i], "user", host, inner)) return wrong;
    }
    return {};
}

verdict check_thought(const json::object& block, const std::string& where) {
    if (!has_text(block, "thinking")) return where + ".thinking.thinking: Field required";
    if (!has_text(block, "signature")) return where + ".thinking.signature: Field required";
    if (!is_signature_of(text_at(block, "signature"), text_at(block, "thinking")))
        return where + ": Invalid `signature` in `thinking` block";
    return {};
}

verdict check_text(const json::object& block, const std::string& where) {
    if (!has_text(block, "text")) return where + ".text.text: Field required";
    if (!text_at(block, "text").empty()) return {};
    if (value_at(block, "cache_control") != nullptr)
        return where + ".text: cache_control cannot be set for empty text blocks";
    return "messages: text content blocks must be non-empty";
}

using id_list = std::vector<std::string_view>;

id_list ids_in(const json::value& content, std::string_view type, std::string_view name) {
    id_list ids;
    const auto* blocks = content.if_array();
    if (blocks == nullptr) return ids;
    for (const auto& one : *blocks) {
        const auto& block = one.get_object();
        if (text_at(block, "type") == type) ids.push_back(text_at(block, name));
    }
    return ids;
}

bool holds(const id_list& list, std::string_view id) {
    for (const auto one : list)
        if (one == id) return true;
    return false;
}

// Calls and results of two neighbouring messages must be the same, results first.
verdict check_pairs(const id_list& calls, const json::value& content, std::size_t index) {
    const auto results = ids_in(content, "tool_result", "tool_use_id");
    for (const auto id : calls) {
        if (holds(results, id)) continue;
        return fmt::format(
            "messages.{}: `tool_use` ids were found without `tool_result` blocks immediately "
            "after: "
            "{}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
            "message.",
            index - 1,
            id
        );
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (holds(calls, results[i])) continue;
        return fmt::format(
            "messages.{}.content.{}: unexpected `tool_use_id` found in `tool_result` blocks: {}. "
            "Each `tool_result` block must have a corresponding `tool_use` block in the previous "
            "message.",
            index,
            i,
            results[i]
        );
    }
    if (results.empty()) return {};
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (text_at(content.get_array()[i].get_object(), "type") == "tool_result") continue;
        return fmt::format(
            "messages.{}: `tool_result` blocks must come before all other content of their message",
            index
        );
    }
    return {};
}

enum class place_of_turn { inside, last };

verdict check_content(
    const json::value* content,
    std::string_view role,
    messages_host host,
    std::size_t index,
    place_of_turn place
) {
    if (content == nullptr) return fmt::format("messages.{}.content: Field required", index);
    const bool may_be_empty = place == place_of_turn::last && role == "assistant";
    const bool is_empty = content->is_string()
                              ? text_of(*content).empty()
                              : content->is_array() && content->get_array().empty();
    if (is_empty && !may_be_empty) {
        return fmt::format(
            "messages.{}: all messages must have non-empty content except for the optional final "
            "assistant message",
            index
        );
    }
    if (content->is_string()) return {};
    if (!content->is_array())
        return fmt::format("messages.{}.content: Input should be a valid list", index);
    for (std::size_t i = 0; i < content->get_array().size(); ++i) {
        const auto where = fmt::format("messages.{}.content.{}", index, i);
        if (auto wrong = check_block(content->get_array()[i], role, host, where)) return wrong;
    }
    return {};
}

verdict check_prefill(const json::object& last) {
    if (text_at(last, "role") != "assistant") return {};
    auto text = text_at(last, "content");
    if (const auto* blocks = array_at(last, "content"); blocks != nullptr && !blocks->empty())
        text = text_at(blocks->back().get_object(), "text");
    if (text.empty() || !is_blank(text.substr(text.size() - 1))) return {};
    return "messages: final assistant content cannot end with trailing whitespace";
}

// With thinking switched on, a turn that calls tools starts with its thoughts.
verdict check_order(const json::value& content, std::size_t index) {
    const auto* blocks = content.if_array();
    if (blocks == nullptr || blocks->empty()) return {};
    if (ids_in(content, "tool_use", "id").empty()) return {};
    const auto first = text_at(blocks->front().get_object(), "type");
    if (is_one_of(first, {"thinking", "redacted_thinking"})) return {};
    return fmt::format(
        "messages.{}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{}`. "
        "When `thinking` is enabled, a final `assistant` message must start with a thinking block.",
        index,
        first
    );
}

}  // namespace

verdict check_block(
    const json::value& value, std::string_view role, messages_host host, const std::string& where
) {
    const auto* block = value.if_object();
    if (block == nullptr) return where + ": Input should be a valid dictionary or object";
    std::size_t marks = 0;
    if (auto wrong = check_cache_mark(*block, where, marks)) return wrong;
    const auto type = text_at(*block, "type");
    const bool by_user = role == "user";
    if (type == "text") return check_text(*block, where);
    if (type == "tool_use" && !by_user) return check_call(*block, where);
    if (type == "tool_result" && by_user) return check_result(*block, host, where);
    if (type == "thinking" && !by_user) {
        if (marks > 0) return where + ".thinking.cache_control: Extra inputs are not permitted";
        return check_thought(*block, where);
    }
    if (type == "redacted_thinking" && !by_user) {
        if (is_redacted_thought(text_at(*block, "data"))) return {};
        return where + ": Invalid `data` in `redacted_thinking` block";
    }
    const auto* source = object_at(*block, "source");
    if (is_one_of(type, {"image", "document"}) && by_user) {
        if (source == nullptr) return where + ".source: Field required";
        return type == "image" ? check_picture(*source, host, where + ".image")
                               : check_document(*source, host, where + ".document");
    }
    if (type == "search_result" && by_user) return {};
    return fmt::format(
        "{}: Input tag '{}' found using 'type' does not match any of the expected tags of role "
        "'{}'",
        where,
        type,
        role
    );
}

verdict check_turns(const json::array& messages, messages_host host, thinking_state thinking) {
    if (messages.empty()) return "messages: at least one message is required";
    id_list calls;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto* message = messages[i].if_object();
        if (message == nullptr) return fmt::format("messages.{}: Input should be an object", i);
        const auto role = text_at(*message, "role");
        if (role == "system") {
            return "messages: Unexpected role \"system\". The Messages API accepts a top-level "
                   "`system` parameter, not \"system\" as an input message role.";
        }
        if (!is_one_of(role, {"user", "assistant"}))
            return fmt::format("messages.{}.role: Input should be 'user' or 'assistant'", i);
        if (i == 0 && role != "user") return "messages: first message must use the \"user\" role";
        const auto unknown = find_unknown_member(*message, {"role", "content"});
        if (unknown)
            return fmt::format("messages.{}.{}: Extra inputs are not permitted", i, *unknown);
        const auto* content = value_at(*message, "content");
        const auto place = i + 1 == messages.size() ? place_of_turn::last : place_of_turn::inside;
        if (auto wrong = check_content(content, role, host, i, place)) return wrong;
        if (auto wrong = check_pairs(calls, *content, i)) return wrong;
        calls = ids_in(*content, "tool_use", "id");
        if (thinking == thinking_state::on && role == "assistant") {
            if (auto wrong = check_order(*content, i)) return wrong;
        }
    }
    if (!calls.empty()) return check_pairs(calls, json::array{}, messages.size());
    return check_prefill(messages.back().get_object());
}

}  // namespace spillway::bench::sim
