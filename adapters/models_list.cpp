#include "adapters/models_list.hpp"

#include "adapters/json/writer.hpp"

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
    out.name("pricing").open();
    if (!model.price_prompt.empty()) out.member("prompt", model.price_prompt);
    if (!model.price_completion.empty()) out.member("completion", model.price_completion);
    if (!model.price_cached_read.empty()) out.member("input_cache_read", model.price_cached_read);
    out.close();
}

void write_openrouter(json::writer& out, const listed_model& model) {
    out.open().member("id", model.id).member("canonical_slug", model.id);
    out.member("name", model.name.empty() ? model.id : model.name).member("created", model.created);
    out.member("description", model.description);
    write_count(out, "context_length", model.context_length);
    if (!model.input_modalities.empty() || !model.output_modalities.empty()) {
        out.name("architecture").open();
        write_list(out, "input_modalities", model.input_modalities);
        write_list(out, "output_modalities", model.output_modalities);
        out.close();
    }
    write_pricing(out, model);
    out.name("top_provider").open();
    write_count(out, "context_length", model.context_length);
    write_count(out, "max_completion_tokens", model.max_completion_tokens);
    out.close().close();
}

}  // namespace

std::string render_model(const listed_model& model, face side) {
    std::string text;
    json::writer out{text};
    if (side == face::openai) {
        write_openai(out, model);
    } else {
        out.raw("{\"data\":");
        write_openrouter(out, model);
        out.raw("}");
    }
    return text;
}

std::string render_models(std::span<const listed_model> models, face side) {
    std::string text;
    json::writer out{text};
    out.raw(side == face::openai ? "{\"object\":\"list\",\"data\":[" : "{\"data\":[");
    bool first = true;
    for (const auto& model : models) {
        if (!first) out.raw(",");
        first = false;
        if (side == face::openai) {
            write_openai(out, model);
        } else {
            write_openrouter(out, model);
        }
    }
    out.raw("]}");
    return text;
}

}  // namespace spillway::adapters
