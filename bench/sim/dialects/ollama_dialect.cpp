#include "bench/sim/dialects/ollama_dialect.hpp"

#include "bench/sim/dialects/embedding.hpp"
#include "bench/sim/dialects/framing.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/key_ring.hpp"
#include "bench/sim/dialects/ollama_print.hpp"
#include "bench/sim/dialects/ollama_prompt.hpp"
#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {
namespace {

struct path_entry {
    std::string_view path;
    endpoint what;
    std::string_view method;
};

constexpr path_entry paths[] = {
    {"/api/chat", endpoint::generate, "POST"},
    {"/api/generate", endpoint::complete, "POST"},
    {"/api/embed", endpoint::embed, "POST"},
    {"/api/show", endpoint::show_model, "POST"},
    {"/api/tags", endpoint::list_models, "GET"},
    {"/api/version", endpoint::version, "GET"},
};

constexpr std::size_t default_dimensions = 256;

json::object print_details() {
    return {
        {"format", "gguf"},
        {"family", "sim"},
        {"parameter_size", "1B"},
        {"quantization_level", "F16"}};
}

reply show(std::string_view model) {
    json::object body{{"model_info", {{"general.basename", model}, {"sim.context_length", 8192}}}};
    body["details"] = print_details();
    body["capabilities"] = list_of("completion", "tools", "thinking", "vision", "embedding");
    reply made;
    made.body = json::serialize(body);
    return made;
}

}  // namespace

std::optional<route> ollama_dialect::find(const http_head&, std::string_view path) const {
    for (const auto& entry : paths) {
        if (entry.path != path) continue;
        route found;
        found.voice = this;
        found.what = entry.what;
        found.method = entry.method;
        return found;
    }
    return std::nullopt;
}

std::optional<api_error>
ollama_dialect::check_access(const route&, const question& asked, const key_ring& keys) const {
    if (!keys.has_keys() || keys.accepts(asked.head.bearer)) return std::nullopt;
    return error_of(401, "unauthorized");
}

reply ollama_dialect::answer(
    const route& where, json::object& request, const question& asked, const answer_frame& frame
) const {
    if (where.what == endpoint::embed) return embed_all(request, asked);
    if (where.what == endpoint::show_model) {
        const auto model = text_at(request, "model");
        return model.empty() ? refuse(error_of(400, "model is required"), asked.id) : show(model);
    }
    const bool chats = where.what == endpoint::generate;
    const auto wrong = chats ? check_ollama_chat(request) : check_ollama_generate(request);
    if (wrong) return refuse(error_of(400, *wrong), asked.id);
    const auto prompt = chats ? read_ollama_chat(request) : read_ollama_generate(request);
    const auto form = chats ? ollama_form::chat : ollama_form::generate;
    const auto made = decide(prompt, frame);
    return prompt.is_stream ? stream_ollama(made, prompt.model, frame, form)
                            : print_ollama(made, prompt.model, frame, form);
}

reply ollama_dialect::embed_all(const json::object& request, const question& asked) const {
    const auto* input = value_at(request, "input");
    const bool good = input != nullptr && (input->is_string() || input->is_array());
    if (!has_text(request, "model") || !good)
        return refuse(error_of(400, "invalid input type"), asked.id);
    const auto inputs = input->is_string() ? list_of(*input) : input->get_array();
    const auto size = count_at(request, "dimensions").value_or(default_dimensions);
    reply made;
    json::array vectors;
    for (const auto& one : inputs) {
        made.prompt_tokens += count_tokens(text_of(one));
        vectors.push_back(list_components(embed(text_of(one), size)));
    }
    json::object body{{"model", text_at(request, "model")}};
    body["embeddings"] = std::move(vectors);
    body["total_duration"] = 1000000;
    body["load_duration"] = 1000000;
    body["prompt_eval_count"] = made.prompt_tokens;
    made.body = json::serialize(body);
    return made;
}

std::string
ollama_dialect::look_up(const route& where, const std::vector<std::string>& models) const {
    if (where.what == endpoint::version) return R"({"version":"0.12.0"})";
    json::array list;
    for (const auto& name : models) {
        json::object one{
            {"name", name},
            {"model", name},
            {"modified_at", "2026-01-02T03:04:05Z"},
            {"size", 1000000},
            {"digest", std::string(64, '0')}};
        one["details"] = print_details();
        list.push_back(std::move(one));
    }
    json::object body;
    body["models"] = std::move(list);
    return json::serialize(body);
}

std::string ollama_dialect::print_error(const api_error& error, std::string_view) const {
    return json::serialize(json::object{{"error", error.message}});
}

std::string ollama_dialect::error_event(const reply&, const api_error& error, std::size_t) const {
    return frame_line({{"error", error.message}});
}

api_error ollama_dialect::words_for(int status) const {
    switch (status) {
    case 401: return error_of(401, "unauthorized");
    case 404: return error_of(404, "model 'unknown' not found");
    case 429: return error_of(429, "too many concurrent requests");
    case 503:
        return error_of(503, "server busy, please try again.  maximum pending requests exceeded");
    default: break;
    }
    if (status >= 500)
        return error_of(status, "an error was encountered while running the model: unexpected EOF");
    return error_of(status, fmt::format("Simulated fault {}.", status));
}

api_error ollama_dialect::quota_exceeded() const {
    return error_of(429, "you have reached your weekly usage limit");
}

api_error ollama_dialect::context_exceeded() const {
    return error_of(400, "the input length exceeds the context length");
}

}  // namespace spillway::bench::sim
