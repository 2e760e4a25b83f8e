#include "bench/sim/dialects/gemini_embedding.hpp"

#include "bench/sim/dialects/embedding.hpp"
#include "bench/sim/dialects/gemini_prompt.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t default_dimensions = 256;
constexpr std::size_t largest_batch = 100;

using outcome = std::variant<std::string, reply>;

json::object print_vector(std::string_view text, const json::object& request) {
    const auto size = count_at(request, "outputDimensionality").value_or(default_dimensions);
    json::object vector;
    vector["values"] = list_components(embed(text, size));
    return vector;
}

verdict check_task(const json::object& request) {
    const auto task = text_at(request, "taskType");
    if (task.empty() || is_one_of(
                            task,
                            {"RETRIEVAL_QUERY",
                             "RETRIEVAL_DOCUMENT",
                             "SEMANTIC_SIMILARITY",
                             "CLASSIFICATION",
                             "CLUSTERING",
                             "QUESTION_ANSWERING",
                             "FACT_VERIFICATION",
                             "CODE_RETRIEVAL_QUERY"}
                        ))
        return {};
    return fmt::format("Invalid value at 'task_type', \"{}\"", task);
}

outcome embed_one(const json::object& request, google_surface surface) {
    if (auto wrong = check_task(request)) return *wrong;
    const auto text = text_of_gemini_content(value_at(request, "content"));
    if (text.empty()) return "* EmbedContentRequest.content: contents is not specified";
    reply made;
    made.prompt_tokens = count_tokens(text);
    json::object body;
    body["embedding"] = print_vector(text, request);
    if (surface == google_surface::vertex) {
        body["usageMetadata"] = {
            {"promptTokenCount", made.prompt_tokens}, {"totalTokenCount", made.prompt_tokens}};
    }
    made.body = json::serialize(body);
    return made;
}

outcome embed_batch(const json::object& request, const route& where) {
    const auto* requests = array_at(request, "requests");
    if (requests == nullptr || requests->empty())
        return "* BatchEmbedContentsRequest.requests: requests is not specified";
    if (requests->size() > largest_batch)
        return "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch";
    reply made;
    json::array vectors;
    for (std::size_t i = 0; i < requests->size(); ++i) {
        const auto* one = (*requests)[i].if_object();
        if (one == nullptr || text_at(*one, "model") != "models/" + where.model) {
            return fmt::format(
                "* BatchEmbedContentsRequest.requests[{}].model: must be the model of the batch", i
            );
        }
        if (auto wrong = check_task(*one)) return *wrong;
        const auto text = text_of_gemini_content(value_at(*one, "content"));
        made.prompt_tokens += count_tokens(text);
        vectors.push_back(print_vector(text, *one));
    }
    json::object body;
    body["embeddings"] = std::move(vectors);
    made.body = json::serialize(body);
    return made;
}

outcome predict(const json::object& request) {
    const auto* instances = array_at(request, "instances");
    if (instances == nullptr || instances->empty()) return "Invalid instances: empty";
    const auto* parameters = object_at(request, "parameters");
    const json::object none;
    reply made;
    json::array predictions;
    for (const auto& one : *instances) {
        if (!one.is_object() || !has_text(one.get_object(), "content"))
            return "Invalid instances: content is missing";
        const auto text = text_at(one.get_object(), "content");
        auto vector = print_vector(text, parameters != nullptr ? *parameters : none);
        vector["statistics"] = {{"token_count", count_tokens(text)}, {"truncated", false}};
        made.prompt_tokens += count_tokens(text);
        json::object prediction;
        prediction["embeddings"] = std::move(vector);
        predictions.push_back(std::move(prediction));
    }
    json::object body;
    body["predictions"] = std::move(predictions);
    made.body = json::serialize(body);
    return made;
}

}  // namespace

outcome embed_gemini(const json::object& request, const route& where, google_surface surface) {
    if (where.what == endpoint::embed_batch) return embed_batch(request, where);
    return where.what == endpoint::invoke ? predict(request) : embed_one(request, surface);
}

}  // namespace spillway::bench::sim
