#include "adapters/models_list.hpp"

#include "adapters/json/writer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <ctime>

namespace spillway::adapters {

namespace {

std::string_view owner_of(const listed_model& model) noexcept {
    if (!model.owner.empty()) return model.owner;
    auto slash = model.id.find('/');
    return slash == model.id.npos ? std::string_view{"spillway"} : model.id.substr(0, slash);
}

void write_list(json::writer& out, std::string_view name, std::span<const std::string_view> texts) {
    out.name(name).raw("[");
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out.raw(",");
        out.string(texts[i]);
    }
    out.raw("]");
}

void write_count(json::writer& out, std::string_view name, std::uint32_t count) {
    out.name(name);
    if (count == 0) {
        out.raw("null");
    } else {
        out.number(count);
    }
}

void write_openai(json::writer& out, const listed_model& model) {
    out.open().member("id", model.id).member("object", "model").member("created", model.created);
    out.member("owned_by", owner_of(model)).close();
}

void write_pricing(json::writer& out, const listed_model& model) {
    constexpr std::string_view unknown = "-1";
    const auto or_unknown = [&](std::string_view price) {
        return price.empty() ? unknown : price;
    };
    out.name("pricing").open();
    out.member("prompt", or_unknown(model.price_prompt));
    out.member("completion", or_unknown(model.price_completion));
    if (!model.price_cached_read.empty()) out.member("input_cache_read", model.price_cached_read);
    out.close();
}

// What the gateway carries to every provider whose protocol has a form for it.
constexpr std::string_view carried_parameters =
    R"(["frequency_penalty","include_reasoning","logit_bias","logprobs","max_completion_tokens","max_tokens",)"
    R"("min_p","parallel_tool_calls","presence_penalty","reasoning","reasoning_effort","repetition_penalty",)"
    R"("response_format","seed","stop","structured_outputs","temperature","tool_choice","tools","top_k",)"
    R"("top_logprobs","top_p","verbosity"])";

void write_architecture(json::writer& out, const listed_model& model) {
    constexpr std::array<std::string_view, 1> text{"text"};
    const auto or_text = [&](std::span<const std::string_view> known) {
        return known.empty() ? std::span<const std::string_view>{text} : known;
    };
    out.name("architecture").open().name("modality").raw("null");
    write_list(out, "input_modalities", or_text(model.input_modalities));
    write_list(out, "output_modalities", or_text(model.output_modalities));
    out.member("tokenizer", "Other").name("instruct_type").raw("null").close();
}

void write_openrouter(json::writer& out, const listed_model& model) {
    out.open().member("id", model.id).member("canonical_slug", model.id);
    out.member("name", model.name.empty() ? model.id : model.name).member("created", model.created);
    out.member("description", model.description);
    write_count(out, "context_length", model.context_length);
    write_architecture(out, model);
    write_pricing(out, model);
    out.name("top_provider").open();
    write_count(out, "context_length", model.context_length);
    write_count(out, "max_completion_tokens", model.max_completion_tokens);
    out.name("is_moderated").raw("false").close();
    out.name("per_request_limits").raw("null").name("supported_parameters").raw(carried_parameters);
    out.name("default_parameters").raw("null").name("supported_voices").raw("null");
    out.name("links").open();
    out.member("details", fmt::format("/api/v1/models/{}/endpoints", model.id)).close().close();
}

// Date and time of a Unix second as RFC 3339 has it.
std::string date_of(std::int64_t second) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(second)));
}

std::string_view title_of(const listed_model& model) noexcept {
    return model.name.empty() ? model.id : model.name;
}

void write_anthropic(json::writer& out, const listed_model& model) {
    out.open().member("type", "model").member("id", model.id);
    out.member("display_name", title_of(model)).member("created_at", date_of(model.created));
    out.close();
}

void write_google(json::writer& out, const listed_model& model) {
    out.open()
        .member("name", fmt::format("models/{}", model.id))
        .member("displayName", title_of(model));
    if (model.context_length != 0) out.member("inputTokenLimit", model.context_length);
    if (model.max_completion_tokens != 0)
        out.member("outputTokenLimit", model.max_completion_tokens);
    out.name("supportedGenerationMethods").raw(R"(["generateContent","countTokens"])").close();
}

void write_ollama(json::writer& out, const listed_model& model) {
    out.open().member("name", model.id).member("model", model.id);
    out.member("modified_at", date_of(model.created)).member("size", 0).member("digest", "");
    out.name("details")
        .open()
        .member("format", "")
        .member("family", owner_of(model))
        .close()
        .close();
}

void write_model(json::writer& out, const listed_model& model, list_form form) {
    switch (form) {
    case list_form::openai: return write_openai(out, model);
    case list_form::openrouter: return write_openrouter(out, model);
    case list_form::anthropic: return write_anthropic(out, model);
    case list_form::google: return write_google(out, model);
    case list_form::ollama: return write_ollama(out, model);
    }
}

void write_list_front(json::writer& out, list_form form) {
    const bool is_data = form != list_form::google && form != list_form::ollama;
    out.open();
    if (form == list_form::openai) out.member("object", "list");
    out.name(is_data ? "data" : "models").raw("[");
}

void write_list_end(json::writer& out, std::span<const listed_model> models, list_form form) {
    out.raw("]");
    if (form == list_form::openrouter) {
        out.member("total_count", models.size()).name("links").raw(R"({"next":null})");
    }
    if (form == list_form::anthropic) {
        const auto write_id = [&](std::string_view name, const listed_model* model) {
            if (model == nullptr) {
                out.name(name).raw("null");
            } else {
                out.member(name, model->id);
            }
        };
        out.name("has_more").raw("false");
        write_id("first_id", models.empty() ? nullptr : &models.front());
        write_id("last_id", models.empty() ? nullptr : &models.back());
    }
    out.close();
}

}  // namespace

list_form list_form_of(protocol dialect, face side) noexcept {
    switch (dialect) {
    case protocol::messages: return list_form::anthropic;
    case protocol::gemini: return list_form::google;
    case protocol::ollama: return list_form::ollama;
    case protocol::chat:
    case protocol::responses:
    case protocol::converse:
    case protocol::cohere: break;
    }
    return side == face::openai ? list_form::openai : list_form::openrouter;
}

std::string render_model(const listed_model& model, list_form form) {
    std::string text;
    json::writer out{text};
    const bool is_wrapped = form == list_form::openrouter;
    if (is_wrapped) out.raw("{\"data\":");
    write_model(out, model, form);
    if (is_wrapped) out.raw("}");
    return text;
}

std::string render_models(std::span<const listed_model> models, list_form form) {
    std::string text;
    json::writer out{text};
    write_list_front(out, form);
    bool first = true;
    for (const auto& model : models) {
        if (!first) out.raw(",");
        first = false;
        write_model(out, model, form);
    }
    write_list_end(out, models, form);
    return text;
}

}  // namespace spillway::adapters
