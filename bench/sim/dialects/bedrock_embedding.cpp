#include "bench/sim/dialects/bedrock_embedding.hpp"

#include "bench/sim/dialects/checks.hpp"
#include "bench/sim/dialects/cohere_check.hpp"
#include "bench/sim/dialects/cohere_vectors.hpp"
#include "bench/sim/dialects/embedding.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::bench::sim {
namespace {

using outcome = std::variant<std::string, reply>;

constexpr std::size_t default_dimensions = 256;

bool is_known(std::string_view name, std::initializer_list<std::string_view> known) {
    return std::find(known.begin(), known.end(), name) != known.end();
}

// The first generation has one size.
outcome embed_titan(const json::object& request, std::string_view model) {
    const bool is_second = model.contains("titan-embed-text-v2");
    for (const auto& member : request) {
        const std::string_view name{member.key().data(), member.key().size()};
        const bool is_good =
            name == "inputText" ||
            (is_second && is_known(name, {"dimensions", "normalize", "embeddingTypes"}));
        if (!is_good)
            return fmt::format(
                "Malformed input request: #: extraneous key [{}] is not permitted", name
            );
    }
    if (!has_text(request, "inputText"))
        return "Malformed input request: #: required key [inputText] not found";
    const auto size = count_at(request, "dimensions").value_or(default_dimensions);
    if (size != 256 && size != 512 && size != 1024)
        return "Malformed input request: dimensions must be one of 256, 512, 1024";
    const auto text = text_at(request, "inputText");
    const auto vector = list_components(embed(text, size));
    reply made;
    made.prompt_tokens = count_tokens(text);
    json::object body;
    body["embedding"] = vector;
    if (is_second) body["embeddingsByType"] = json::object{{"float", vector}};
    body["inputTextTokenCount"] = made.prompt_tokens;
    made.body = json::serialize(body);
    return made;
}

// Without the model's name, which the path has, and without counts, which the head has.
outcome embed_cohere_there(const json::object& request, std::string_view id) {
    if (request.contains("model"))
        return "Malformed input request: #: extraneous key [model] is not permitted";
    if (auto wrong = check_cohere_embed(request)) return *wrong;
    const auto* forms = array_at(request, "embedding_types");
    for (std::size_t i = 0; forms != nullptr && i < forms->size(); ++i) {
        if (text_of((*forms)[i]) == "base64")
            return "Malformed input request: #/embedding_types: base64 is not a valid enum value";
    }
    auto made = embed_cohere(request, id);
    auto body = parse_json(made.body).get_object();
    body.erase("meta");
    body["response_type"] = forms != nullptr ? "embeddings_by_type" : "embeddings_floats";
    if (forms == nullptr) body["embeddings"] = json::value(body["embeddings"].at("float"));
    made.body = json::serialize(body);
    return made;
}

}  // namespace

bool is_bedrock_embedding(std::string_view model) {
    return model.contains("titan-embed") || model.contains("cohere.embed");
}

outcome embed_bedrock(const json::object& request, std::string_view model, std::string_view id) {
    auto made = model.contains("titan-embed") ? embed_titan(request, model)
                                              : embed_cohere_there(request, id);
    if (auto* good = std::get_if<reply>(&made)) {
        good->extra_fields =
            fmt::format("x-amzn-bedrock-input-token-count: {}\r\n", good->prompt_tokens);
    }
    return made;
}

}  // namespace spillway::bench::sim
