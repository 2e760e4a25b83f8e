#include "bench/sim/dialects/cohere_vectors.hpp"

#include "bench/sim/dialects/base64.hpp"
#include "bench/sim/dialects/cohere_print.hpp"
#include "bench/sim/dialects/embedding.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/ranking.hpp"
#include "bench/sim/tokens.hpp"

#include <utility>
#include <vector>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t default_dimensions = 256;

std::string text_of_input(const json::value& input) {
    if (input.is_string()) return std::string{text_of(input)};
    std::string text;
    const auto* object = input.if_object();
    const auto* content = object != nullptr ? array_at(*object, "content") : nullptr;
    if (content == nullptr) return text;
    for (const auto& one : *content)
        if (one.is_object()) text += text_at(one.get_object(), "text");
    return text;
}

std::string pack(const std::vector<float>& vector) {
    const auto* bytes = reinterpret_cast<const char*>(vector.data());
    return encode_base64({bytes, vector.size() * sizeof(float)});
}

}  // namespace

reply embed_cohere(const json::object& request, std::string_view id) {
    const auto* texts = array_at(request, "texts");
    if (texts == nullptr) texts = array_at(request, "inputs");
    const auto size = count_at(request, "output_dimension").value_or(default_dimensions);
    reply made;
    json::array plain;
    json::array packed;
    json::array echoed;
    for (const auto& one : *texts) {
        const auto text = text_of_input(one);
        made.prompt_tokens += count_tokens(text);
        const auto vector = embed(text, size);
        plain.push_back(list_components(vector));
        packed.push_back(json::value(pack(vector)));
        echoed.push_back(json::value(text));
    }
    json::object vectors;
    const auto* forms = array_at(request, "embedding_types");
    const bool by_default = forms == nullptr;
    for (std::size_t i = 0; !by_default && i < forms->size(); ++i) {
        const auto form = text_of((*forms)[i]);
        if (form == "float") vectors["float"] = plain;
        if (form == "base64") vectors["base64"] = packed;
    }
    if (by_default) vectors["float"] = std::move(plain);
    json::object body{{"id", uuid_of(id)}};
    body["embeddings"] = std::move(vectors);
    body["texts"] = std::move(echoed);
    body["meta"] = {
        {"api_version", {{"version", "2"}}},
        {"billed_units", {{"input_tokens", made.prompt_tokens}}}};
    made.body = json::serialize(body);
    return made;
}

reply rerank_cohere(const json::object& request, std::string_view id) {
    std::vector<std::string> documents;
    for (const auto& one : request.at("documents").get_array())
        documents.emplace_back(text_of(one));
    const auto most = count_at(request, "top_n").value_or(documents.size());
    json::array results;
    for (const auto& [index, score] : rank(text_at(request, "query"), documents, most))
        results.push_back(json::object{{"index", index}, {"relevance_score", score}});
    json::object body{{"id", uuid_of(id)}};
    body["results"] = std::move(results);
    body["meta"] = {{"api_version", {{"version", "2"}}}, {"billed_units", {{"search_units", 1}}}};
    reply made;
    made.body = json::serialize(body);
    return made;
}

}  // namespace spillway::bench::sim
