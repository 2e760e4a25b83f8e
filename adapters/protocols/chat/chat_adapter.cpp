#include "adapters/protocols/chat/chat_adapter.hpp"

#include "adapters/canonical/translate.hpp"
#include "adapters/errors.hpp"
#include "adapters/operations/embeddings/translate.hpp"
#include "adapters/operations/embeddings/wire.hpp"
#include "adapters/operations/rerank/rerank.hpp"
#include "adapters/operations/unserved.hpp"
#include "adapters/protocols/chat/errors.hpp"
#include "adapters/protocols/chat/request.hpp"
#include "adapters/protocols/chat/translator.hpp"

#include <fmt/format.h>

#include <utility>

namespace spillway::adapters::chat {

namespace {

std::string_view call_of(operation what) noexcept {
    switch (what) {
    case operation::chat: return "/chat/completions";
    case operation::completions: return "/completions";
    case operation::embeddings:
    case operation::embed_one: return "/embeddings";
    case operation::models: return "/models";
    case operation::rerank: return "/rerank";
    case operation::moderations: return "/moderations";
    case operation::images: return "/images/generations";
    case operation::count_tokens: break;
    }
    return {};
}

}  // namespace

chat_adapter::chat_adapter(const provider_row& row, const account_settings& settings, base_url base)
    : row_{row}
    , settings_{settings}
    , base_{std::move(base)} {}

std::string chat_adapter::target(const call& what, std::string_view upstream_model) const {
    const bool is_responses = speaks_to(what.dialect) == protocol::responses;
    const bool chats = what.what == operation::completions && lacks(what.what);
    const std::string_view path =
        is_responses ? "/responses" : call_of(chats ? operation::chat : what.what);
    if (row_.url == url_style::azure) return azure_target(path, upstream_model);
    return base_.path + std::string{path};
}

// Three surfaces: /models of Foundry, /openai/v1, and the deployments path of a dated api-version.
std::string chat_adapter::azure_target(std::string_view call, std::string_view deployment) const {
    const auto& version = settings_.api_version;
    std::string query = version.empty() || version == "v1" ? "" : "?api-version=" + version;
    bool is_dated = !version.empty() && version.front() >= '0' && version.front() <= '9';
    if (base_.path.ends_with("/models") || base_.path.ends_with("/v1")) {
        return fmt::format("{}{}{}", base_.path, call, query);
    }
    auto root = base_.path.ends_with("/openai") ? base_.path : base_.path + "/openai";
    if (!is_dated) return fmt::format("{}/v1{}{}", root, call, query);
    if (call == "/models") return fmt::format("{}{}{}", root, call, query);
    return fmt::format("{}/deployments/{}{}{}", root, path_segment(deployment), call, query);
}

std::vector<head_field> chat_adapter::credentials(std::string_view key) const {
    std::vector<head_field> fields;
    if (!key.empty()) {
        if (row_.auth == auth_style::api_key_field) {
            fields.push_back({"api-key", std::string{key}});
        } else {
            fields.push_back({"Authorization", "Bearer " + std::string{key}});
        }
    }
    if (!settings_.organization.empty()) {
        fields.push_back({"OpenAI-Organization", settings_.organization});
    }
    // Elsewhere the project is part of the address.
    if (!settings_.project.empty() && !row_.base_url.contains('{')) {
        fields.push_back({"OpenAI-Project", settings_.project});
    }
    fields.insert(fields.end(), settings_.extra_fields.begin(), settings_.extra_fields.end());
    return fields;
}

result<dropped_names> chat_adapter::prepare(
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits,
    answer_wishes& wishes
) const {
    const bool is_chat = facts.dialect == protocol::chat;
    const bool is_missing = lacks(facts.what);
    if (is_missing && facts.what != operation::completions)
        return operations::unserved(display_name(), facts.what);
    const auto write = [&](std::string_view model) {
        if (is_chat && !is_missing) return prepare_request(row_, facts, model, edits);
        if (!is_chat && facts.what == operation::rerank)
            return rerank::prepare(row_, facts, model, edits);
        if (!is_chat && embeddings::is_embedding(facts.what))
            return embeddings::prepare(row_, facts, model, edits);
        if (!is_chat && speaks_to(facts.dialect) == facts.dialect)
            return canonical::adapt_request(row_, facts, model, edits);
        return canonical::translate_request(row_, facts, model, edits, wishes);
    };
    if (row_.model_prefix.empty() || upstream_model.find('/') != upstream_model.npos)
        return write(upstream_model);
    return write(std::string{row_.model_prefix}.append(upstream_model));
}

problem chat_adapter::explain(
    const answer_head& head, std::string_view body, std::string_view secret
) const {
    auto why = explain_answer(head, body, row_, display_name());
    redact(why, secret);
    return why;
}

std::unique_ptr<answer_translator> chat_adapter::make_answer(const answer_context& context) const {
    if (context.dialect != protocol::chat) {
        if (embeddings::is_embedding(context.what))
            return embeddings::make_answer(row_, context, display_name());
        if (context.what == operation::rerank)
            return rerank::make_answer(row_, context, display_name());
        return canonical::translate_answer(
            row_, speaks_to(context.dialect), context, display_name()
        );
    }
    if (lacks(context.what))
        return canonical::translate_answer(row_, protocol::chat, context, display_name());
    // OpenRouter's clients find each document in the answer.
    if (context.what == operation::rerank && context.side == face::openrouter)
        return rerank::make_answer(row_, context, display_name());
    return make_translator(row_, context);
}

std::string_view chat_adapter::display_name() const noexcept {
    return settings_.display_name.empty() ? row_.display_name
                                          : std::string_view{settings_.display_name};
}

}  // namespace spillway::adapters::chat
