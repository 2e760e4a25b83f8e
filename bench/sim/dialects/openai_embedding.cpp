#include "bench/sim/dialects/base64.hpp"
#include "bench/sim/dialects/embedding.hpp"
#include "bench/sim/dialects/json_view.hpp"
#include "bench/sim/dialects/openai_completion.hpp"
#include "bench/sim/tokens.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace spillway::bench::sim {
namespace {

constexpr std::size_t default_dimensions = 256;

std::string pack(const std::vector<float>& vector) {
    const auto* bytes = reinterpret_cast<const char*>(vector.data());
    return encode_base64({bytes, vector.size() * sizeof(float)});
}

json::value print_vector(const std::vector<float>& vector, std::string_view format) {
    if (format == "base64") return json::value(pack(vector));
    return list_components(vector);
}

// A text, a list of texts, a list of token numbers, or a list of such lists.
struct embedding_input {
    std::string text;
    std::size_t tokens = 0;
};

std::vector<embedding_input> read_inputs(const json::value& input) {
    const auto one = [](const json::value& value) {
        if (value.is_string()) {
            std::string text{value.get_string()};
            const auto tokens = count_tokens(text);
            return embedding_input{std::move(text), tokens};
        }
        return embedding_input{
            json::serialize(value), value.is_array() ? value.get_array().size() : 1};
    };
    std::vector<embedding_input> inputs;
    const auto* list = input.if_array();
    if (list == nullptr || list->front().is_number()) {
        inputs.push_back(one(input));
        return inputs;
    }
    for (const auto& value : *list)
        inputs.push_back(one(value));
    return inputs;
}

}  // namespace

reply answer_embeddings(const json::object& request) {
    // OpenAI's name for it, and Mistral's.
    const auto asked_size = count_at(request, "dimensions");
    const auto dimensions =
        asked_size.value_or(count_at(request, "output_dimension").value_or(default_dimensions));
    std::string_view format = "float";
    if (const auto* asked = request.if_contains("encoding_format");
        asked != nullptr && asked->is_string()) {
        format = asked->get_string();
    }
    reply made;
    json::array data;
    for (const auto& input : read_inputs(request.at("input"))) {
        made.prompt_tokens += input.tokens;
        data.push_back(json::object{
            {"object", "embedding"},
            {"index", data.size()},
            {"embedding", print_vector(embed(input.text, dimensions), format)},
        });
    }
    json::object body{{"object", "list"}};
    body["data"] = std::move(data);
    body["model"] = request.at("model");
    body["usage"] =
        json::object{{"prompt_tokens", made.prompt_tokens}, {"total_tokens", made.prompt_tokens}};
    made.body = json::serialize(body);
    return made;
}

}  // namespace spillway::bench::sim
