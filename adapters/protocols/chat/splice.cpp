#include "adapters/protocols/chat/splice.hpp"

#include "adapters/json/writer.hpp"

#include <cstring>

namespace spillway::adapters::chat {

splicer::splicer(const answer_context& context) : what_{context.what}, how_{context.how} {
    constexpr std::size_t quotes = 6;
    const auto size = context.generation_id.size() + context.model.size() + provider_name.size() +
                      context.provider.size() + quotes;
    if (json::is_plain(context.model) && json::is_plain(context.provider)) {
        write_plain(context, size);
        return;
    }
    texts_.reserve(size);
    texts_.append("\"").append(context.generation_id).append("\"");
    model_at_ = static_cast<std::uint32_t>(texts_.size());
    json::append_string(texts_, context.model);
    model_end_ = static_cast<std::uint32_t>(texts_.size());
    json::append_string(texts_.append(provider_name), context.provider);
}

// What almost all of them are: nothing to escape. The id is of letters that need none.
void splicer::write_plain(const answer_context& context, std::size_t size) {
    texts_.resize_and_overwrite(size, [&](char* const from, std::size_t) {
        auto* to = from;
        const auto put = [&to](std::string_view text) {
            if (!text.empty()) std::memcpy(to, text.data(), text.size());
            to += text.size();
        };
        const auto put_quoted = [&](std::string_view text) {
            *to++ = '"';
            put(text);
            *to++ = '"';
        };
        put_quoted(context.generation_id);
        model_at_ = static_cast<std::uint32_t>(to - from);
        put_quoted(context.model);
        model_end_ = static_cast<std::uint32_t>(to - from);
        put(provider_name);
        put_quoted(context.provider);
        return size;
    });
}

void splicer::edit_top(const chunk& where, view_edits& edits) {
    const auto set = [&edits](span value, std::string_view text) {
        edits.replace(value.begin, value.end - value.begin, text);
    };
    if (where.id) set(where.id, id());
    // Embeddings keep the provider's own name of the model, as OpenRouter does.
    const bool names_model = where.model && what_ != operation::embeddings;
    const bool follows = where.model && !where.provider;
    if (names_model) set(where.model, follows ? model_and_provider() : model());
    if (follows && !names_model) edits.insert(where.model.end, provider_member());
    if (where.provider) set(where.provider, provider());
    if (!where.id || !where.model) add_in_front(where, edits);
}

// Members that have no place of their own.
void splicer::add_in_front(const chunk& where, view_edits& edits) {
    front_.clear();
    if (!where.id) front_.append("\"id\":").append(id()).append(",");
    if (!where.model) {
        front_.append("\"model\":").append(where.provider ? model() : model_and_provider());
        front_.append(",");
    }
    if (where.is_empty) front_.pop_back();
    edits.insert(where.open, front_);
}

void splicer::edit_choices(std::string_view text, const chunk& where, view_edits& edits) const {
    for (const auto& choice : where.choices.all()) {
        if (how_ == delivery::streamed && choice.has_delta) edit_delta(text, choice, edits);
        if (const span name = choice.foreign_thought)
            edits.replace(name.begin, name.end - name.begin, thought_name);
        edit_finish(text, choice, edits);
    }
}

void splicer::edit_delta(std::string_view text, const choice_spans& choice, view_edits& edits) {
    if (choice.role && part(text, choice.role) == "null") {
        edits.replace(choice.role.begin, choice.role.end - choice.role.begin, "\"assistant\"");
    }
    bool has_role{choice.role};
    bool has_content{choice.content};
    auto missing = missing_in_delta(has_role, has_content, choice.has_calls, choice.body_is_empty);
    if (!missing.empty()) edits.insert(choice.body.begin + 1, missing);
}

void splicer::edit_finish(std::string_view text, const choice_spans& choice, view_edits& edits)
    const {
    auto native = part(text, choice.finish);
    if (!choice.finish) {
        if (text[choice.close - 1] == '{') return;
        edits.insert(
            choice.close,
            choice.native ? ",\"finish_reason\":null"
                          : ",\"finish_reason\":null,\"native_finish_reason\":null"
        );
        return;
    }
    if (native == "null") {
        if (!choice.native) edits.insert(choice.finish.end, ",\"native_finish_reason\":null");
        return;
    }
    auto word = word_of(text, choice.finish);
    auto normal = normalised_finish(word);
    if (native == "\"\"" && how_ == delivery::whole)
        normal = choice.has_calls ? "tool_calls" : "stop";
    if (normal != word) {
        edits.replace(choice.finish.begin + 1, choice.finish.end - choice.finish.begin - 2, normal);
    }
    if (choice.native) return;
    edits.insert(choice.finish.end, ",\"native_finish_reason\":");
    edits.insert(choice.finish.end, native);
}

std::string_view
missing_in_delta(bool has_role, bool has_content, bool has_calls, bool is_empty) noexcept {
    if (has_role && has_content) return {};
    if (has_content) return is_empty ? "\"role\":\"assistant\"" : "\"role\":\"assistant\",";
    if (is_empty) return "\"role\":\"assistant\",\"content\":\"\"";
    if (has_role) return has_calls ? "\"content\":null," : "\"content\":\"\",";
    return has_calls ? "\"role\":\"assistant\",\"content\":null,"
                     : "\"role\":\"assistant\",\"content\":\"\",";
}

void erase_member(std::string_view text, span member, view_edits& edits) {
    constexpr std::string_view space = " \t\r\n";
    std::size_t from = member.begin;
    std::size_t to = text.find_first_not_of(space, member.end);
    if (to != text.npos && text[to] == ',') {
        to = text.find_first_not_of(space, to + 1);
    } else {
        to = member.end;
        auto before = text.find_last_not_of(space, from - 1);
        if (text[before] == ',') from = before;
    }
    edits.erase(from, to - from);
}

}  // namespace spillway::adapters::chat
