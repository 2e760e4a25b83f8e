#include "adapters/native_adapter.hpp"

#include "adapters/canonical/translate.hpp"
#include "adapters/errors.hpp"
#include "adapters/operations/embeddings/translate.hpp"
#include "adapters/operations/embeddings/wire.hpp"
#include "adapters/operations/images/images.hpp"
#include "adapters/operations/rerank/rerank.hpp"
#include "adapters/operations/unserved.hpp"
#include "adapters/protocols/converse/sigv4.hpp"
#include "adapters/protocols/messages/hosted.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace spillway::adapters {

namespace {

constexpr std::string_view anthropic_version = "2023-06-01";

// Behind the base URL, where the path does not name the model.
std::string_view plain_path(protocol speaks, operation what) noexcept {
    const bool counts = what == operation::count_tokens;
    const bool embeds = embeddings::is_embedding(what);
    switch (speaks) {
    case protocol::chat: return embeds ? "/embeddings" : "/chat/completions";
    case protocol::messages: return counts ? "/messages/count_tokens" : "/messages";
    case protocol::responses: return embeds ? "/embeddings" : "/responses";
    case protocol::cohere:
        if (what == operation::rerank) return "/rerank";
        return embeds ? "/embed" : "/chat";
    case protocol::ollama:
        if (what == operation::completions) return "/api/generate";
        return embeds ? "/api/embed" : "/api/chat";
    case protocol::gemini:
    case protocol::converse: return {};
    }
    return {};
}

std::string_view
gemini_verb(const provider_row& row, const call& what, std::string_view model) noexcept {
    if (what.what == operation::count_tokens) return ":countTokens";
    if (embeddings::is_embedding(what.what)) return embeddings::google_verb(row, what, model);
    return what.how == delivery::streamed ? ":streamGenerateContent?alt=sse" : ":generateContent";
}

// An answer of words.
bool generates(operation what) noexcept {
    return what == operation::chat || what == operation::completions ||
           what == operation::count_tokens;
}

std::string_view hosted_claude_verb(const call& what) noexcept {
    return what.how == delivery::streamed ? ":streamRawPredict" : ":rawPredict";
}

std::string_view converse_verb(const call& what) noexcept {
    if (embeddings::is_embedding(what.what)) return "/invoke";
    return what.how == delivery::streamed ? "/converse-stream" : "/converse";
}

std::string_view invoke_verb(const call& what) noexcept {
    return what.how == delivery::streamed ? "/invoke-with-response-stream" : "/invoke";
}

}  // namespace

std::string regional_host(std::string url) {
    struct row {
        std::string_view written;
        std::string_view host;
    };
    constexpr std::array<row, 3> rows{{
        {"https://global-aiplatform.googleapis.com", "https://aiplatform.googleapis.com"},
        {"https://us-aiplatform.googleapis.com", "https://aiplatform.us.rep.googleapis.com"},
        {"https://eu-aiplatform.googleapis.com", "https://aiplatform.eu.rep.googleapis.com"},
    }};
    for (const row& one : rows) {
        if (url.starts_with(one.written)) url.replace(0, one.written.size(), one.host);
    }
    const bool is_chinese = url.starts_with("https://bedrock-runtime.cn-");
    if (is_chinese && url.ends_with(".amazonaws.com")) url.append(".cn");
    return url;
}

native_adapter::native_adapter(
    const provider_row& row, const account_settings& settings, base_url base
)
    : row_{row}
    , settings_{settings}
    , base_{std::move(base)} {
    // The address of a server's Chat Completions, given for its native side.
    if (row_.speaks == protocol::ollama && base_.path.ends_with("/v1"))
        base_.path.resize(base_.path.size() - 3);
}

std::string native_adapter::target(const call& what, std::string_view upstream_model) const {
    const auto named = [&](std::string_view before, std::string_view verb) {
        return fmt::format("{}{}{}{}", base_.path, before, path_segment(upstream_model), verb);
    };
    switch (row_.url) {
    case url_style::plain:
    case url_style::azure: return base_.path + std::string{plain_path(row_.speaks, what.what)};
    case url_style::gemini: return named("/models/", gemini_verb(row_, what, upstream_model));
    case url_style::vertex:
        return named("/publishers/google/models/", gemini_verb(row_, what, upstream_model));
    case url_style::vertex_claude:
        if (what.what == operation::count_tokens)
            return base_.path + "/publishers/anthropic/models/count-tokens:rawPredict";
        return named("/publishers/anthropic/models/", hosted_claude_verb(what));
    case url_style::bedrock: return named("/model/", converse_verb(what));
    case url_style::bedrock_claude: return named("/model/", invoke_verb(what));
    }
    std::unreachable();
}

std::vector<head_field> native_adapter::credentials(std::string_view key) const {
    std::vector<head_field> fields;
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!key.empty()) fields.push_back({std::string{name}, std::string{value}.append(key)});
    };
    switch (row_.auth) {
    case auth_style::none:
    case auth_style::aws:
    case auth_style::bearer: add("Authorization", "Bearer "); break;
    case auth_style::api_key_field: add("api-key", {}); break;
    case auth_style::x_api_key: add("x-api-key", {}); break;
    case auth_style::x_goog_api_key: add("x-goog-api-key", {}); break;
    }
    if (row_.speaks == protocol::messages && row_.url == url_style::plain) {
        fields.push_back({"anthropic-version", std::string{anthropic_version}});
    }
    if (!settings_.organization.empty()) {
        fields.push_back({"OpenAI-Organization", settings_.organization});
    }
    fields.insert(fields.end(), settings_.extra_fields.begin(), settings_.extra_fields.end());
    return fields;
}

// Amazon reads them in the body alone.
std::string_view native_adapter::betas(std::string_view lines, std::string& room) const {
    if (row_.speaks != protocol::messages) return lines;
    const messages::hosting where = messages::hosting_of(row_);
    if (where == messages::hosting::first_party) return lines;
    if (where == messages::hosting::bedrock) return {};
    const std::string known = messages::known_betas(where, lines);
    if (known.empty()) return {};
    room.append("anthropic-beta: ").append(known).append("\r\n");
    return room;
}

std::vector<head_field> native_adapter::sign(const signing_order& what) const {
    const converse::amz_time when{what.now};
    const converse::signing_scope scope{settings_.region, "bedrock"};
    const converse::aws_credentials who{
        settings_.access_key_id, settings_.secret_access_key, settings_.session_token};
    const converse::signing_key key{who.secret_key, when.day(), scope};
    const std::string hash = converse::payload_hash(what.body);
    const std::array<head_field_view, 2> fields{
        {{"content-type", "application/json"}, {"host", what.authority}}};
    return converse::sign({"POST", what.target, fields, hash}, who, key, scope, when);
}

result<dropped_names> native_adapter::prepare(
    const request_facts& facts,
    std::string_view upstream_model,
    edit_list& edits,
    answer_wishes& wishes
) const {
    if (facts.what != operation::chat) {
        if (embeddings::is_embedding(facts.what))
            return embeddings::prepare(row_, facts, upstream_model, edits);
        if (facts.what == operation::rerank && row_.speaks == protocol::cohere)
            return rerank::prepare(row_, facts, upstream_model, edits);
        if (facts.what == operation::images && images::can_make(row_, upstream_model))
            return images::prepare(row_, facts, upstream_model, edits);
        if (!generates(facts.what)) return operations::unserved(display_name(), facts.what);
    }
    if (facts.dialect != row_.speaks)
        return canonical::translate_request(row_, facts, upstream_model, edits, wishes);
    return canonical::adapt_request(row_, facts, upstream_model, edits);
}

problem native_adapter::explain(
    const answer_head& head, std::string_view body, std::string_view secret
) const {
    auto why = canonical::explain_answer(row_, head, body, display_name());
    redact(why, secret);
    return why;
}

std::unique_ptr<answer_translator> native_adapter::make_answer(const answer_context& context
) const {
    if (embeddings::is_embedding(context.what))
        return embeddings::make_answer(row_, context, display_name());
    if (context.what == operation::rerank)
        return rerank::make_answer(row_, context, display_name());
    if (context.what == operation::images)
        return images::make_answer(row_, context, display_name());
    return canonical::translate_answer(row_, row_.speaks, context, display_name());
}

std::string_view native_adapter::display_name() const noexcept {
    return settings_.display_name.empty() ? row_.display_name
                                          : std::string_view{settings_.display_name};
}

}  // namespace spillway::adapters
